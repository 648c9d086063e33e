// Ids as tables show them: their beginning, which every command takes for the whole.

const SHOWN_DIGITS = 12;

/** The first digits of an id; the JSON answer has all of them. */
export function shortId(id: string): string {
  return id.slice(0, SHOWN_DIGITS);
}
