// One writer at a time: leases with heartbeat and epochs. Nobody ever unlocks by hand.
// A lease is taken by creating the next number; a holder that was overtaken learns it from `confirm` and fails.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { CatalogueEntry } from '../format/catalogue.ts';
import { heartbeatName, leaseEndName, leaseName } from '../format/object-names.ts';
import {
  listLeases,
  readLease,
  sealEnd,
  sealHeartbeat,
  sealLease,
  type LeaseListing,
  type LeaseOwner,
} from './lease-records.ts';
import { isOwnProcess, isProcessDead, type ProcessIdentity } from './process-identity.ts';
import { readPointIndex, toEntry, type PointIndex } from './point-index.ts';
import { withReserve } from './reserve.ts';
import type { ReportDamage } from './sealed-stream-reader.ts';
import type { Vault } from './vault.ts';

/** A holder whose heartbeat stands still this long, on the observer's own clock, has lost its turn. */
export const LEASE_EXPIRES_AFTER_MS = 120_000;
/** Six beats fit into the time after which others take over: one lost write is no lost turn. */
export const HEARTBEAT_EVERY_MS = 20_000;
const OBSERVE_EVERY_MS = 2_000;

export interface Lease extends AsyncDisposable {
  readonly epoch: number;
  /** The points as they were when the turn began. */
  readonly points: PointIndex;
  /** Counts up within the epoch: points and notes share it. */
  nextCounter(): number;
  /** Throws vault-fenced when somebody else has taken a turn since. Call after publishing, before reporting success. */
  confirm(): Promise<void>;
  /** Ends the turn in order; `live` is what is alive now. */
  end(live: readonly CatalogueEntry[]): Promise<void>;
  /** After a failure: stops beating and, if the place lets it, says that the turn is over. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Turns that this process holds, by `keyOf`: any other one under its name was given up, whatever its records say. */
const heldHere = new Set<string>();

const keyOf = (vault: Vault, epoch: number): string =>
  `${vault.storage.location} ${vault.id} ${epoch}`;

export interface LeaseRequest {
  readonly purpose: string;
  readonly owner: ProcessIdentity;
  readonly report: ReportDamage;
  /** How long to wait for a holder that is alive; one that cannot be told is watched until it beats or expires. */
  readonly waitMs: number;
  /** Makes the place smaller: may give up the vault's reserve when the place is full. */
  readonly frees?: boolean;
  readonly signal?: AbortSignal;
}

/** Takes the next turn. Throws vault-busy while somebody else has it. */
export async function takeLease(vault: Vault, request: LeaseRequest): Promise<Lease> {
  // The number after the turn that was seen to be over: whoever took one since has that number, and the creation fails.
  const epoch = (await awaitFreeLease(vault, request)) + 1;
  const points = await readPointIndex(vault, request.report);
  const record = {
    epoch,
    owner: request.owner,
    takenAtMs: vault.clock.nowMs(),
    purpose: request.purpose,
    accepted: points.live.map(toEntry),
  };
  const sealed = sealLease(vault, record);
  const create = () => vault.storage.putExclusive(leaseName(epoch), sealed);
  const isMine = request.frees === true ? await withReserve(vault.storage, create) : await create();
  if (!isMine)
    throw new BackupError({
      code: 'vault-busy',
      place: vault.storage.location,
      owner: 'another backup that began just now',
    });
  return holdLease(vault, epoch, points);
}

/** Resolves with the highest number, whose turn is over. */
async function awaitFreeLease(vault: Vault, request: LeaseRequest): Promise<number> {
  const { clock } = vault;
  const startedMs = clock.monotonicMs();
  let seen: LeaseListing | null = null;
  let isSilent: boolean | null = null;
  let unchangedSinceMs = startedMs;
  for (;;) {
    const now = await listLeases(vault);
    if (now.highest === 0 || now.ends.has(now.highest)) return now.highest;
    const owner = await ownerOf(vault, now, request.report);
    const isDead = owner === null ? null : isProcessDead(owner, request.owner);
    const isOurs = owner !== null && isOwnProcess(owner, request.owner);
    if (isDead === true || (isOurs && !heldHere.has(keyOf(vault, now.highest)))) return now.highest;
    const hasMoved = seen !== null && (seen.highest !== now.highest || seen.beat !== now.beat);
    if (hasMoved) unchangedSinceMs = clock.monotonicMs();
    seen = now;
    if (clock.monotonicMs() - unchangedSinceMs >= LEASE_EXPIRES_AFTER_MS) return now.highest;
    // A process that hangs is alive and would hold the vault for ever: it is watched like one that cannot be told.
    isSilent ??= (await vault.storage.clockMs()) - now.lastSignAtMs > LEASE_EXPIRES_AFTER_MS;
    const isAlive = (isDead === false && !isSilent) || hasMoved;
    if (isAlive && clock.monotonicMs() - startedMs >= request.waitMs) throw busy(vault, owner);
    await clock.sleep(OBSERVE_EVERY_MS, request.signal);
  }
}

async function ownerOf(
  vault: Vault,
  listing: LeaseListing,
  report: ReportDamage,
): Promise<LeaseOwner | null> {
  const lease = await readLease(vault, listing.highest, report);
  return lease?.owner ?? null;
}

function busy(vault: Vault, owner: LeaseOwner | null): BackupError {
  const who = owner === null ? 'unknown' : `${owner.user} on ${owner.host}`;
  return new BackupError({ code: 'vault-busy', place: vault.storage.location, owner: who });
}

function holdLease(vault: Vault, epoch: number, points: PointIndex): Lease {
  const heartbeat = startHeartbeat(vault, epoch);
  let counter = 0;
  heldHere.add(keyOf(vault, epoch));
  const end = async (live: readonly CatalogueEntry[]) => {
    await heartbeat.stop();
    if (!heldHere.delete(keyOf(vault, epoch))) return;
    await vault.storage.put(leaseEndName(epoch), sealEnd(vault, epoch, live));
  };
  const confirm = async () => {
    const listing = await listLeases(vault);
    if (listing.highest === epoch) return;
    throw new BackupError({
      code: 'vault-fenced',
      place: vault.storage.location,
      owner: `turn ${listing.highest}`,
    });
  };
  return {
    epoch,
    points,
    nextCounter: () => ++counter,
    confirm,
    end,
    // What was alive at the beginning is the least that is alive now; a place that is away leaves the lease to run out.
    [Symbol.asyncDispose]: () => end(points.live.map(toEntry)).catch(() => undefined),
  };
}

/** Beats in the background; a beat that cannot be written is tried again with the next one. */
function startHeartbeat(vault: Vault, epoch: number): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let beat = 0;
  const beatOnce = async () => {
    await vault.storage.put(heartbeatName(epoch, beat + 1), sealHeartbeat(vault, epoch, beat + 1));
    beat += 1;
    if (beat > 1) await vault.storage.remove(heartbeatName(epoch, beat - 1));
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const isStopped = await vault.clock.sleep(HEARTBEAT_EVERY_MS, stopping.signal).then(
        () => false,
        () => true,
      );
      if (isStopped) break;
      await beatOnce().catch(() => undefined); // a lost beat shows in `confirm` if it cost the turn
    }
    if (beat > 0) await vault.storage.remove(heartbeatName(epoch, beat)).catch(() => undefined);
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
