// Structured clone as text, the same code in the page and in Node: what DevTools bindings carry is text only. JSON, with
// lists for what it lacks: `['list', ...]` is an array itself. Self-contained functions: their source is sent to the page.

/** Text of a value that `structuredClone` takes; maps, sets, errors and cycles have no text and throw as well. */
export function encodeWire(value: unknown): string {
  const walk = (item: unknown): unknown => {
    if (item === undefined) return ['undefined'];
    if (typeof item === 'bigint') return ['bigint', String(item)];
    if (typeof item === 'number' && !Number.isFinite(item)) return ['number', String(item)];
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) return ['list', ...item.map(walk)];
    if (item instanceof Date) return ['date', Number(item)];
    if (item instanceof Uint8Array) return ['bytes', ...item];
    if (Object.prototype.toString.call(item) !== '[object Object]') throw new TypeError();
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
    const [tag, ...rest] = item as [string, ...number[]];
    if (tag === 'list') return rest.map(walk);
    if (tag === 'date') return new Date(rest[0] ?? 0);
    if (tag === 'bytes') return new Uint8Array(rest);
    if (tag === 'bigint') return BigInt(rest[0] ?? 0);
    return tag === 'number' ? Number(rest[0]) : undefined;
  };
  return walk(JSON.parse(text));
}
