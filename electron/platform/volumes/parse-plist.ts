// Property lists as macOS's tools print them (XML): dictionaries, lists, texts, numbers, truth. Pure.

export type PlistValue = string | number | boolean | readonly PlistValue[] | PlistFields;
export interface PlistFields {
  readonly [key: string]: PlistValue;
}

const TOKEN = /<(\/?)(dict|array|key|string|integer|real|true|false|date|data)\b[^>]*?(\/?)>/gu;
const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** The outermost value; null for what is no property list. */
export function parsePlist(xml: string): PlistValue | null {
  const stack: {
    key: string | null;
    fields: Record<string, PlistValue>;
    items: PlistValue[];
    isList: boolean;
  }[] = [];
  let result: PlistValue | null = null;
  let textFrom = 0;
  const put = (value: PlistValue): void => {
    const top = stack.at(-1);
    if (top === undefined) result ??= value;
    else if (top.isList) top.items.push(value);
    else if (top.key !== null) top.fields[top.key] = value;
  };
  for (const { 0: whole, 1: closing, 2: name = '', 3: isEmpty, index } of xml.matchAll(TOKEN)) {
    const isOpening = closing === '' && isEmpty === '';
    const content = unescape(xml.slice(textFrom, index));
    if (isOpening) textFrom = index + whole.length;
    if (name === 'dict' || name === 'array') {
      if (isOpening) stack.push({ key: null, fields: {}, items: [], isList: name === 'array' });
      const done = isOpening
        ? undefined
        : isEmpty === '/'
          ? { isList: name === 'array', items: [], fields: {} }
          : stack.pop();
      if (done !== undefined) put(done.isList ? done.items : done.fields);
    } else if (name === 'true' || name === 'false') {
      if (closing === '') put(name === 'true');
    } else if (!isOpening) {
      const text = isEmpty === '/' ? '' : content;
      const top = stack.at(-1);
      if (name === 'key' && top !== undefined) top.key = text;
      else put(name === 'integer' || name === 'real' ? Number(text) : text);
    }
  }
  return result;
}

function unescape(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/giu, (all, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? all;
    const isHex = /^#x/iu.test(name);
    return String.fromCodePoint(Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10));
  });
}
