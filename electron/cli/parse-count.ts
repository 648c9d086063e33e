// Whole numbers on the command line.
import { InvalidArgumentError } from 'commander';

/** From 1 to 100,000; commander says the option's name with what is wrong. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/u.test(text) || count < 1 || count > 100_000) {
    throw new InvalidArgumentError('it must be a whole number from 1 on.');
  }
  return count;
}
