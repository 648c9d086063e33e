// The records in `leases/` (FORMAT.md section 8): turns, heartbeats and orderly ends, read and sealed.
import { z } from 'zod';
import { damaged, MAX_OBJECT_BYTES, type ObjectKind } from '../format/sealed-object.ts';
import { decodeCatalogue, encodeCatalogue, type CatalogueEntry } from '../format/catalogue.ts';
import { leaseEndName, leaseName, parseLeaseName } from '../format/object-names.ts';
import { parseJson } from '../format/level-index.ts';
import { openObject, sealObject, splitFrames } from '../crypto/object-sealer.ts';
import { isWound, type ReportDamage } from './sealed-stream-reader.ts';
import { newId, rememberNewest, type Vault } from './vault.ts';

const ownerSchema = z.object({
  host: z.string(),
  machine: z.string(),
  boot: z.string(),
  pidNamespace: z.string(),
  pid: z.number(),
  startTime: z.string(),
  user: z.string(),
});
export type LeaseOwner = z.infer<typeof ownerSchema>;

const leaseSchema = z.object({
  version: z.literal(1),
  epoch: z.number(),
  owner: ownerSchema,
  takenAtMs: z.number(),
  purpose: z.string(),
  accepted: z.string(),
});
const endSchema = z.object({ epoch: z.number(), catalogue: z.string() });

export interface LeaseRecord {
  readonly epoch: number;
  readonly owner: LeaseOwner;
  readonly takenAtMs: number;
  readonly purpose: string;
  readonly accepted: readonly CatalogueEntry[];
}

/** What the folder listing tells. */
export interface LeaseListing {
  /** The highest number, readable or not; 0 when nobody ever wrote. */
  readonly highest: number;
  readonly epochs: readonly number[];
  readonly ends: ReadonlySet<number>;
  /** Newest heartbeat of the highest. */
  readonly beat: number;
  /** By the storage's clock: when the highest was last seen to write one of its records; 0 when nobody ever wrote. */
  readonly lastSignAtMs: number;
  readonly names: readonly string[];
}

export async function listLeases(vault: Vault): Promise<LeaseListing> {
  const objects = await vault.storage.list('leases');
  const epochs: number[] = [];
  const ends = new Set<number>();
  const beats = new Map<number, number>();
  const signs = new Map<number, number>();
  for (const { name, modifiedAtMs } of objects) {
    const file = parseLeaseName(name);
    if (file !== null) signs.set(file.epoch, Math.max(modifiedAtMs, signs.get(file.epoch) ?? 0));
    if (file?.kind === 'lease') epochs.push(file.epoch);
    if (file?.kind === 'end') ends.add(file.epoch);
    if (file?.kind === 'heartbeat')
      beats.set(file.epoch, Math.max(file.beat, beats.get(file.epoch) ?? 0));
  }
  epochs.sort((a, b) => a - b);
  const highest = epochs.at(-1) ?? 0;
  return {
    highest,
    epochs,
    ends,
    beat: beats.get(highest) ?? 0,
    lastSignAtMs: signs.get(highest) ?? 0,
    names: objects.map((object) => object.name),
  };
}

/** The readable lease with the highest epoch, or null. Unreadable ones are reported. */
export async function readNewestLease(
  vault: Vault,
  listing: LeaseListing,
  report: ReportDamage,
): Promise<LeaseRecord | null> {
  for (const epoch of [...listing.epochs].reverse()) {
    const lease = await readLease(vault, epoch, report);
    if (lease !== null) return lease;
  }
  return null;
}

/** Null when it cannot be read; that is reported. */
export async function readLease(
  vault: Vault,
  epoch: number,
  report: ReportDamage,
): Promise<LeaseRecord | null> {
  const name = leaseName(epoch);
  return orReport(name, report, () =>
    rememberNewest(vault, 'newest lease', name, async () => {
      const record = parseJson(leaseSchema, await readRecord(vault, 'lease', name), name);
      if (record.epoch !== epoch) throw damaged(name, 'lease of another epoch');
      return { ...record, accepted: decodeCatalogue(Buffer.from(record.accepted, 'base64'), name) };
    }),
  );
}

/** The points alive at the newest readable orderly end, or null. */
export async function readNewestEnd(
  vault: Vault,
  listing: LeaseListing,
  report: ReportDamage,
): Promise<readonly CatalogueEntry[] | null> {
  for (const epoch of [...listing.ends].sort((a, b) => b - a)) {
    const name = leaseEndName(epoch);
    const entries = await orReport(name, report, () =>
      rememberNewest(vault, 'newest end', name, async () => {
        const record = parseJson(endSchema, await readRecord(vault, 'lease-end', name), name);
        if (record.epoch !== epoch) throw damaged(name, 'end of another epoch');
        return decodeCatalogue(Buffer.from(record.catalogue, 'base64'), name);
      }),
    );
    if (entries !== null) return entries;
  }
  return null;
}

async function orReport<T>(
  name: string,
  report: ReportDamage,
  read: () => Promise<T>,
): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!isWound(error)) throw error;
    report(name, error);
    return null;
  }
}

async function readRecord(vault: Vault, kind: ObjectKind, name: string): Promise<Buffer> {
  const bytes = await vault.storage.readWhole(name, MAX_OBJECT_BYTES[kind]);
  return Buffer.concat(openObject(vault.keys, kind, bytes, name).frames);
}

export function sealLease(vault: Vault, lease: LeaseRecord): Buffer {
  const accepted = encodeCatalogue(lease.accepted).toString('base64');
  return sealRecord(vault, 'lease', { version: 1, ...lease, accepted });
}

export function sealEnd(vault: Vault, epoch: number, live: readonly CatalogueEntry[]): Buffer {
  return sealRecord(vault, 'lease-end', {
    epoch,
    catalogue: encodeCatalogue(live).toString('base64'),
  });
}

export function sealHeartbeat(vault: Vault, epoch: number, beat: number): Buffer {
  return sealRecord(vault, 'heartbeat', { epoch, beat });
}

function sealRecord(vault: Vault, kind: ObjectKind, content: object): Buffer {
  const frames = splitFrames(Buffer.from(JSON.stringify(content)));
  return sealObject(vault.keys, kind, newId(vault.random), frames);
}
