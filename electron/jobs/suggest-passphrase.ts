// A passphrase for somebody who would rather not think of one: six common words, 60 bits, each guess of which costs a third of
// a second and 128 MiB. Words survive being written down by hand better than signs do.
import type { RandomBytes } from '../../shared/model/clock.ts';
import { passphraseWords } from '../../shared/text/passphrase-words.ts';

const WORDS = 6;

/** E.g. `amber-river-lemon-chair-otter-vine`; hyphens, for blanks are easily doubled. */
export function suggestPassphrase(random: RandomBytes): string {
  return Array.from({ length: WORDS }, () => pickWord(random)).join('-');
}

function pickWord(random: RandomBytes): string {
  const [high = 0, low = 0] = random(2);
  // The number of words divides 65,536: each is as likely as any other.
  return passphraseWords[((high << 8) | low) % passphraseWords.length] ?? '';
}
