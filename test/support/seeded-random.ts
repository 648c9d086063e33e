/**
 * Chance that can be repeated: the same seed gives the same numbers on every machine. For sample data and for the order
 * of events in tests; not for keys.
 */

export type SeededRandom = {
  /** A whole number from 0 to 4294967295. */
  uint32(): number;
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  /** From `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** Letters, digits, - and _, as links and message ids carry them. */
  token(characters: number): string;
};

const tokenLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const letterPairs = Array.from(
  { length: 4096 },
  (_, index) => `${tokenLetters[index >>> 6]}${tokenLetters[index & 63]}`,
);

/** Spreads a seed over the generator's state (splitmix32). */
function spreadSeed(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
}

/** sfc32: small, fast and of a period far beyond any sample. */
export function createSeededRandom(seed: number): SeededRandom {
  const spread = spreadSeed(seed);
  let [a, b, c, counter] = [spread(), spread(), spread(), 1];
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) uint32();
  const below = (limit: number): number => Math.floor((uint32() / 0x1_0000_0000) * limit);
  return {
    uint32,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (percent) => below(100) < percent,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[below(items.length)] as T;
    },
    hex(digits) {
      let text = '';
      while (text.length < digits) text += uint32().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
    token(characters) {
      let text = '';
      while (text.length < characters) {
        const bits = uint32();
        text += `${letterPairs[bits >>> 20]}${letterPairs[(bits >>> 8) & 0xfff]}`;
      }
      return text.slice(0, characters);
    },
  };
}
