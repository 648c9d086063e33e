// Passwords of network shares: what a person has just given, what came with the command, what the keychain keeps.
// Promise: one that the server refused is not kept, and not tried again by itself for a while, for servers lock accounts.
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
  /** Keeps what opened the place's share; true when it is kept, or when there is nothing to keep. */
  remember(place: string): Promise<boolean>;
  /** The one to try; null: nobody knows one. */
  find(share: ShareAddress, signal: AbortSignal): Promise<string | null>;
  /** Asks a person, after the one that is known was refused; null where nobody can answer, or has just done so. */
  askAgain(share: ShareAddress): Promise<string | null>;
  /** True while the server is known to refuse this one. */
  isRefused(share: ShareAddress, password: string): boolean;
  /** What became of it. */
  tell(share: ShareAddress, password: string, outcome: 'opened' | 'refused'): void;
}

interface Known {
  password: string;
  /** Monotonic; null: not refused. */
  refusedUntilMs: number | null;
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
  const set = (name: ShareSecretName, password: string): void =>
    void known.set(name, { password, refusedUntilMs: null });

  return {
    offer(place, password) {
      const share = parseShareAddress(place);
      if (share !== null) set(nameOf(share), password);
    },
    async remember(place) {
      const share = parseShareAddress(place);
      const held = share === null ? undefined : known.get(nameOf(share));
      if (share === null || share.user === null || held === undefined) return true;
      if (held.refusedUntilMs !== null) return false;
      const store = await secrets.store();
      const answer = await store.peek(nameOf(share));
      if (answer.kind === 'found' && answer.secret === held.password) return true;
      return store.set(nameOf(share), held.password);
    },
    async find(share, signal) {
      const name = nameOf(share);
      const held = known.get(name);
      if (held !== undefined && held.refusedUntilMs === null) return held.password;
      const first = await given();
      if (first !== null) return first;
      const answer = await (await secrets.store()).get(name, signal);
      if (answer.kind === 'found') return answer.secret;
      return (await askOnce(share)) ?? held?.password ?? null;
    },
    askAgain: askOnce,
    isRefused(share, password) {
      const held = known.get(nameOf(share));
      if (held?.password !== password || held.refusedUntilMs === null) return false;
      return clock.monotonicMs() < held.refusedUntilMs;
    },
    tell(share, password, outcome) {
      const refusedUntilMs = outcome === 'refused' ? clock.monotonicMs() + REFUSED_FOR_MS : null;
      known.set(nameOf(share), { password, refusedUntilMs });
    },
  };
}

/** One password for all folders of a share; names of servers, shares and users mean the same in any case. */
function nameOf(share: ShareAddress): ShareSecretName {
  return `share:${formatShareRoot(share).slice('smb://'.length).toLowerCase()}`;
}
