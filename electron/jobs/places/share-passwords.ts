// Passwords of network shares: what a person has just given, what came with the command, what the keychain keeps.
// Promise: only one that was seen to open the share is kept. One that the server refused is not tried again by itself for
// a while, for servers lock accounts.
import type { Clock } from '../../../shared/model/clock.ts';
import type { ShareSecretName } from '../../../shared/model/ids.ts';
import {
  formatShareRoot,
  parseShareAddress,
  type ShareAddress,
} from '../../../shared/model/share-address.ts';
import type { SecretChain } from '../secret-chain.ts';

/** Servers that lock accounts count the failures of half an hour or less, and allow for more than these. */
const REFUSED_FOR_MS = 10 * 60_000;

export interface SharePasswords {
  /** A person gives the password of the place's share; it is tried before any other. */
  offer(place: string, password: string): void;
  /** Keeps what opened the place's share; true when it is kept, or when there is nothing to keep: nothing was tried. */
  remember(place: string): Promise<boolean>;
  /** The one to try; null: nobody knows one. */
  find(share: ShareAddress, signal: AbortSignal): Promise<string | null>;
  /** Asks a person, after the one that is known was refused; null where nobody can answer, or has just done so. */
  askAgain(share: ShareAddress): Promise<string | null>;
  /** True while the server is known to refuse this one. */
  isRefused(share: ShareAddress, password: string): boolean;
  /** True when this one was seen to open the place's share: false where the share was there already, and nothing was tried. */
  hasOpened(place: string, password: string): boolean;
  /** What became of it. */
  tell(share: ShareAddress, password: string, outcome: 'opened' | 'refused'): void;
}

interface Known {
  password: string;
  outcome: 'untested' | 'opened' | 'refused';
  /** Monotonic; means something for one that was refused. */
  restsUntilMs: number;
}

type Given = NonNullable<SecretChain['shares']>;

/** `secrets`: where passwords come from that nobody has just typed. */
export function createSharePasswords(clock: Clock, secrets: SecretChain): SharePasswords {
  const known = new Map<ShareSecretName, Known>();
  const asked = new Set<ShareSecretName>();
  const { given, ask }: Given = secrets.shares ?? { given: async () => null, ask: null };
  const askOnce = async (share: ShareAddress): Promise<string | null> => {
    if (ask === null || asked.has(nameOf(share))) return null;
    asked.add(nameOf(share));
    return ask(formatShareRoot(share));
  };

  return {
    offer(place, password) {
      const share = parseShareAddress(place);
      if (share === null) return;
      const held = known.get(nameOf(share));
      // Typed for the second step of a setup, it has opened the share in the first.
      if (held?.password === password && held.outcome === 'opened') return;
      known.set(nameOf(share), { password, outcome: 'untested', restsUntilMs: 0 });
    },
    async remember(place) {
      const share = parseShareAddress(place);
      const held = share === null ? undefined : known.get(nameOf(share));
      if (share === null || share.user === null || held === undefined) return true;
      if (held.outcome !== 'opened') return held.outcome === 'untested';
      const store = await secrets.store();
      const answer = await store.peek(nameOf(share));
      if (answer.kind === 'found' && answer.secret === held.password) return true;
      return store.set(nameOf(share), held.password);
    },
    async find(share, signal) {
      const name = nameOf(share);
      const held = known.get(name);
      if (held !== undefined && held.outcome !== 'refused') return held.password;
      const first = await given();
      if (first !== null) return first;
      const answer = await (await secrets.store()).get(name, signal);
      if (answer.kind === 'found') return answer.secret;
      return (await askOnce(share)) ?? held?.password ?? null;
    },
    askAgain: askOnce,
    isRefused(share, password) {
      const held = known.get(nameOf(share));
      if (held?.password !== password || held.outcome !== 'refused') return false;
      return clock.monotonicMs() < held.restsUntilMs;
    },
    hasOpened(place, password) {
      const share = parseShareAddress(place);
      const held = share === null ? undefined : known.get(nameOf(share));
      return held?.password === password && held.outcome === 'opened';
    },
    tell(share, password, outcome) {
      const restsUntilMs = clock.monotonicMs() + REFUSED_FOR_MS;
      known.set(nameOf(share), { password, outcome, restsUntilMs });
    },
  };
}

/** One password for all folders of a share; names of servers, shares and users mean the same in any case. */
function nameOf(share: ShareAddress): ShareSecretName {
  return `share:${formatShareRoot(share).slice('smb://'.length).toLowerCase()}`;
}
