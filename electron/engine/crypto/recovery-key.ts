// The recovery key on paper: 160 bits as eight groups of four symbols and a check symbol (FORMAT.md section 2).
// Tolerant of case, spaces, dashes, O/0 and I/L/1; a mistyped group is named.
import { BackupError } from '../../../shared/model/backup-error.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 8;
const SYMBOLS_PER_GROUP = 4;
/** Bytes of key material. */
export const RECOVERY_KEY_BYTES = 20;

/** `secret` is 20 random bytes; returns `XXXXX-XXXXX-...`, eight groups. */
export function formatRecoveryKey(secret: Uint8Array): string {
  const symbols = toSymbols(secret);
  const groups = Array.from({ length: GROUPS }, (_, index) => {
    const data = symbols.slice(index * SYMBOLS_PER_GROUP, (index + 1) * SYMBOLS_PER_GROUP);
    return [...data, checkSymbol(data, index)].map((symbol) => ALPHABET[symbol]).join('');
  });
  return groups.join('-');
}

/** The 20 bytes of a typed key. Throws recovery-key-mistyped with the numbers (from 1) of the wrong groups; none when the length is wrong. */
export function parseRecoveryKey(text: string): Buffer {
  const symbols = [...normaliseRecoveryKey(text)].map((symbol) => ALPHABET.indexOf(symbol));
  const size = SYMBOLS_PER_GROUP + 1;
  if (symbols.length !== GROUPS * size)
    throw new BackupError({ code: 'recovery-key-mistyped', groups: [] });
  const data: number[] = [];
  const wrong: number[] = [];
  for (let index = 0; index < GROUPS; index++) {
    const group = symbols.slice(index * size, (index + 1) * size);
    const payload = group.slice(0, SYMBOLS_PER_GROUP);
    const isRight =
      group.every((symbol) => symbol >= 0) &&
      checkSymbol(payload, index) === group[SYMBOLS_PER_GROUP];
    if (!isRight) wrong.push(index + 1);
    data.push(...payload);
  }
  if (wrong.length > 0) throw new BackupError({ code: 'recovery-key-mistyped', groups: wrong });
  return fromSymbols(data);
}

/** True when a text has the shape of a recovery key rather than of a passphrase. */
export function looksLikeRecoveryKey(text: string): boolean {
  return /^[0-9A-Z]{40}$/.test(normaliseRecoveryKey(text));
}

/** Case, blanks, dashes and lookalikes taken out; of a whole key or of one group. */
export function normaliseRecoveryKey(text: string): string {
  const plain = text.normalize('NFKC').toUpperCase(); // full-width letters of an input method, too
  return plain
    .replace(/[\s\p{Dash_Punctuation}\u2212]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}

/** Polynomial over GF(2^5), x^5+x^2+1: any one wrong symbol and any swap of neighbours changes it. */
function checkSymbol(data: readonly number[], group: number): number {
  const sum = data.reduceRight((accumulator, symbol) => timesAlpha(accumulator ^ symbol), 0);
  return sum ^ group;
}

function timesAlpha(symbol: number): number {
  const shifted = symbol << 1;
  return (shifted & 32) === 0 ? shifted : shifted ^ 0b100101;
}

function toSymbols(bytes: Uint8Array): number[] {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((group) => Number.parseInt(group, 2));
}

function fromSymbols(symbols: readonly number[]): Buffer {
  const bits = symbols.map((symbol) => symbol.toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
