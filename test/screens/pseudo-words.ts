// A language of our own in which every text is 40 % longer: what overflows in it would overflow in the next translation.

/** `Back` -> `[Back~~]`; what i18next puts in stays as it is. */
export function lengthen(text: string): string {
  const bare = text.replace(/\{\{.*?\}\}/gu, '');
  const more = Math.max(1, Math.ceil(bare.length * 0.4) - 2);
  // In words: one long word would test the browser's hyphenation instead of our layout.
  const filling = 'mo~ '
    .repeat(Math.ceil(more / 4))
    .slice(0, more)
    .trimEnd();
  return `[${text}${bare.includes(' ') ? ' ' : ''}${filling}]`;
}

/** The same for a whole tree of words. */
export function lengthenAll<T>(words: T): T {
  if (typeof words === 'string') return lengthen(words) as T;
  return Object.fromEntries(
    Object.entries(words as object).map(([key, value]) => [key, lengthenAll<unknown>(value)]),
  ) as T;
}
