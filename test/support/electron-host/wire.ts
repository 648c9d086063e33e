// Structured clone as text, the same code in the page and in Node: what DevTools bindings carry is text only. Self-contained
// functions: their source is sent into the page.

/** Text of a value that `structuredClone` takes; throws for functions, symbols and cycles. */
export function encodeWire(value: unknown): string {
  const bytesOf = (view: ArrayBuffer | ArrayBufferView): Uint8Array =>
    ArrayBuffer.isView(view)
      ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      : new Uint8Array(view);
  const walk = (item: unknown): unknown => {
    if (item === undefined) return ['undefined'];
    if (typeof item === 'bigint') return ['bigint', String(item)];
    if (typeof item === 'number' && !Number.isFinite(item)) return ['number', String(item)];
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) return ['array', Array.from(item, walk)];
    if (item instanceof Date) return ['date', Number(item)];
    if (item instanceof Map) return ['map', [...item].map(([key, of]) => [walk(key), walk(of)])];
    if (item instanceof Set) return ['set', [...item].map(walk)];
    if (item instanceof Error) return ['error', item.name, item.message, item.stack ?? ''];
    if (item instanceof ArrayBuffer || ArrayBuffer.isView(item)) {
      const text = Array.from(bytesOf(item), (byte) => String.fromCharCode(byte)).join('');
      return ['bytes', item instanceof ArrayBuffer ? 'buffer' : 'view', btoa(text)];
    }
    if (Object.prototype.toString.call(item) !== '[object Object]') {
      throw new TypeError('An object could not be cloned.');
    }
    return Object.fromEntries(Object.entries(item).map(([key, of]) => [key, walk(of)]));
  };
  try {
    return JSON.stringify(walk(structuredClone(value)));
  } catch {
    throw new TypeError('An object could not be cloned.');
  }
}

/** The value of a text by `encodeWire`. */
export function decodeWire(text: string): unknown {
  const walk = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    if (!Array.isArray(item)) {
      return Object.fromEntries(Object.entries(item).map(([key, of]) => [key, walk(of)]));
    }
    const [tag, first, second, third] = item as [string, never, never, never];
    switch (tag) {
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(first);
      case 'number':
        return Number(first);
      case 'array':
        return (first as unknown[]).map(walk);
      case 'date':
        return new Date(first);
      case 'map':
        return new Map((first as [unknown, unknown][]).map(([key, of]) => [walk(key), walk(of)]));
      case 'set':
        return new Set((first as unknown[]).map(walk));
      case 'error':
        return Object.assign(new Error(second), { name: first, stack: third });
      default: {
        const bytes = Uint8Array.from(atob(second), (letter) => letter.charCodeAt(0));
        return first === 'buffer' ? bytes.buffer : bytes;
      }
    }
  };
  return walk(JSON.parse(text));
}
