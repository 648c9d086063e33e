// Which computer serves a share: this very one, or the same as another's. A share of one's own disk is no other place.
import { lookup } from 'node:dns/promises';
import { hostname, networkInterfaces } from 'node:os';

/** A name that nobody answers for is asked after no longer than this. */
const LONGEST_LOOK_MS = 2_000;

/** By name, then by address. A name that nobody knows is not this computer's: its own it knows. */
export async function isOwnHost(host: string): Promise<boolean> {
  const name = bare(host);
  if (name === '' || name === 'localhost' || isLoopback(name)) return true;
  const own = bare(hostname());
  if (name === own || shortName(name) === shortName(own)) return true;
  const mine = new Set(
    Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .map(({ address }) => address),
  );
  return (await addressesOf(name)).some((address) => mine.has(address) || isLoopback(address));
}

/** Null: two names, and not both have an address. */
export async function isSameHost(one: string, other: string): Promise<boolean | null> {
  if (bare(one) === bare(other)) return true;
  const [ones, others] = await Promise.all([addressesOf(bare(one)), addressesOf(bare(other))]);
  if (ones.length === 0 || others.length === 0) return null;
  return ones.some((address) => others.includes(address));
}

async function addressesOf(name: string): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), LONGEST_LOOK_MS);
  });
  const asked = lookup(name, { all: true }).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

const isLoopback = (name: string): boolean => name.startsWith('127.') || name === '::1';

/** Addresses have no short name. */
const shortName = (name: string): string =>
  /^[\d.]+$|:/u.test(name) ? name : (name.split('.')[0] ?? name);

const bare = (host: string): string =>
  host
    .trim()
    .replace(/^\[|\]$/gu, '')
    .replace(/\.$/u, '')
    .toLowerCase();
