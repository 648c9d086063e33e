// Texts of one place in both languages, and what makes a pair wrong. A wrong pair is described, never thrown, so that
// a test shows all of them at once.

export interface WordPair {
  readonly where: string;
  readonly en: string;
  readonly zh: string;
}

/** All texts of a tree of words, as [path, text]. */
export function textsOf(tree: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof tree === 'string') return [[path, tree]];
  return Object.entries(tree as Readonly<Record<string, unknown>>).flatMap(([key, branch]) =>
    textsOf(branch, path === '' ? key : `${path}.${key}`),
  );
}

/** What is wrong with a translation that ought to be one. */
export function findUntranslated({ where, en, zh }: WordPair): string | null {
  if (zh === en) return `${where}: the Chinese is the English: ${en}`;
  if (!han.test(zh)) return `${where}: no Chinese in: ${zh}`;
  if (han.test(en)) return `${where}: Chinese in the English: ${en}`;
  return null;
}

/** Blanks at the ends come from cut sentences; whoever puts them together adds what is needed. */
export function findBlankEnds(where: string, text: string): string | null {
  if (text === '') return `${where}: empty`;
  return text === text.trim() ? null : `${where}: begins or ends with a blank: “${text}”`;
}

/** What is filled in, such as `{{name}}`, sorted. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.matchAll(/\{\{\s*(?<name>[^}]*?)\s*\}\}/gu)]
    .map((match) => match[1] ?? '')
    .sort();
}

/** Numbers that are shown, sorted: words made by functions hold their facts, not placeholders. */
export function figuresOf(text: string): readonly string[] {
  return [...text.matchAll(/\d+(?:[.,]\d+)*/gu)].map(([figure]) => figure).sort();
}

const han = /\p{Script=Han}/u;
