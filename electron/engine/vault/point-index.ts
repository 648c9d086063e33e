// Which restore points a vault has, by names and small records alone (FORMAT.md section 7, "Which points exist").
// Manifests are read one by one where somebody asks: one that is not authentic then counts as absent and is reported.
import { BackupError } from '../../../shared/model/backup-error.ts';
import {
  compareSequence,
  type RestorePoint,
  type Sequence,
} from '../../../shared/model/restore-point.ts';
import { catalogueKey, type CatalogueEntry } from '../format/catalogue.ts';
import { decodeManifest, decodeManifestBody } from '../format/manifest.ts';
import {
  COPY_SIDES,
  parsePointName,
  parsePointStem,
  pointName,
  type CopySide,
} from '../format/object-names.ts';
import { damaged, MAX_OBJECT_BYTES } from '../format/sealed-object.ts';
import { openLeadingFrames, openObject } from '../crypto/object-sealer.ts';
import {
  listLeases,
  readNewestEnd,
  readNewestLease,
  type LeaseListing,
  type LeaseRecord,
} from './lease-records.ts';
import { notesOf, readNotes, type Note } from './notes.ts';
import { isWound, type ReportDamage } from './sealed-stream-reader.ts';
import { remember, type Vault } from './vault.ts';

/** Bodies are a few KB; the catalogue behind them grows with the number of points. */
const PEEK_BYTES = 32 * 1024;

/** A point as its name says. */
export interface PointRef extends Sequence {
  readonly id: string;
  readonly stem: string;
  readonly sides: readonly CopySide[];
}

export interface PointIndex {
  /** Oldest first. */
  readonly live: readonly PointRef[];
  /** Published by a writer that had lost its turn; no restore points until adopted. */
  readonly late: readonly PointRef[];
  /** Named by a catalogue, not there, not forgotten. */
  readonly vanished: readonly CatalogueEntry[];
  readonly forgotten: ReadonlySet<string>;
  readonly leases: LeaseListing;
  readonly newestLease: LeaseRecord | null;
  readonly notes: readonly Note[];
}

export interface LoadedManifest {
  readonly point: RestorePoint;
  readonly catalogue: readonly CatalogueEntry[];
}

/** Reads names, leases and notes. What cannot be read is reported, never an error by itself. */
export async function readPointIndex(vault: Vault, report: ReportDamage): Promise<PointIndex> {
  const leases = await listLeases(vault);
  const newestLease = await readNewestLease(vault, leases, report);
  const notes = await readNotes(vault, report);
  const refs = groupCopies((await vault.storage.list('points')).map((object) => object.name));
  const forgotten = findForgotten(notes, newestLease);
  const adopted = new Set(notesOf(notes, 'adopt').flatMap((note) => note.content.points));
  const accepted = new Set((newestLease?.accepted ?? []).map(catalogueKey));
  const isAccepted = (ref: PointRef) =>
    newestLease === null ||
    ref.epoch >= newestLease.epoch ||
    adopted.has(ref.stem) ||
    accepted.has(catalogueKey(toEntry(ref)));
  const present = refs.filter((ref) => !forgotten.has(ref.stem)).sort(compareSequence);
  const live = present.filter(isAccepted);
  const expected = await expectedPoints(vault, { live, leases, newestLease }, report);
  return {
    live,
    late: present.filter((ref) => !isAccepted(ref)),
    vanished: findVanished(expected, present, forgotten),
    forgotten,
    leases,
    newestLease,
    notes,
  };
}

/** What a writer said after its turn was over does not count: the newest lease still named the point. */
function findForgotten(
  notes: readonly Note[],
  newestLease: LeaseRecord | null,
): ReadonlySet<string> {
  const accepted = new Set((newestLease?.accepted ?? []).map(catalogueKey));
  const isVoid = (epoch: number, stem: string): boolean => {
    const point = parsePointStem(stem);
    const isPast = newestLease !== null && epoch < newestLease.epoch;
    return isPast && point !== null && accepted.has(catalogueKey(toEntry(point)));
  };
  return new Set(
    notesOf(notes, 'forget').flatMap(({ place, content }) =>
      content.points.filter((stem) => !isVoid(place.epoch, stem)),
    ),
  );
}

/** What catalogues say should be there: the newest readable manifest's, the newest lease's, the newest end's. */
async function expectedPoints(
  vault: Vault,
  known: Pick<PointIndex, 'live' | 'leases' | 'newestLease'>,
  report: ReportDamage,
): Promise<readonly CatalogueEntry[]> {
  const newest = await loadNewestManifest(vault, known.live, report);
  const end = await readNewestEnd(vault, known.leases, report);
  return [...(newest?.catalogue ?? []), ...(known.newestLease?.accepted ?? []), ...(end ?? [])];
}

/** The newest point whose manifest can be read, with its catalogue, or null when there is none. */
export async function loadNewestManifest(
  vault: Vault,
  live: readonly PointRef[],
  report: ReportDamage,
): Promise<LoadedManifest | null> {
  for (const ref of [...live].reverse()) {
    const loaded = await tryCopies(ref, report, (name) => readManifest(vault, ref, name));
    if (loaded !== null) return loaded;
  }
  return null;
}

function findVanished(
  expected: readonly CatalogueEntry[],
  present: readonly PointRef[],
  forgotten: ReadonlySet<string>,
): readonly CatalogueEntry[] {
  const gone = [...forgotten].map(parsePointStem).filter((stem) => stem !== null);
  const explained = new Set([...present, ...gone].map((ref) => catalogueKey(toEntry(ref))));
  const missing = new Map(expected.map((entry) => [catalogueKey(entry), entry]));
  for (const key of explained) missing.delete(key);
  return [...missing.values()].sort(compareSequence);
}

/** A point's catalogue entry. */
export function toEntry(ref: Sequence & { readonly id: string }): CatalogueEntry {
  return { epoch: ref.epoch, counter: ref.counter, idPrefix: ref.id.slice(0, 8) };
}

function groupCopies(names: readonly string[]): PointRef[] {
  const refs = new Map<string, PointRef>();
  for (const name of names) {
    const parsed = parsePointName(name);
    if (parsed === null) continue;
    const { side, ...ref } = parsed;
    refs.set(ref.stem, { ...ref, sides: [...(refs.get(ref.stem)?.sides ?? []), side] });
  }
  return [...refs.values()];
}

/** What a manifest's body says. */
export interface LoadedPoint {
  readonly point: RestorePoint;
}

/** The manifest by either copy. Throws point-damaged when neither can be read. */
export async function loadManifest(
  vault: Vault,
  ref: PointRef,
  report: ReportDamage,
): Promise<LoadedPoint> {
  const loaded = await tryLoadManifest(vault, ref, report);
  if (loaded !== null) return loaded;
  const objects = COPY_SIDES.map((side) => pointName(ref.stem, side));
  throw new BackupError({ code: 'point-damaged', point: ref.id, objects });
}

/** Null, and reported, when neither copy can be read. Catalogues are not remembered: each names all points. */
export async function tryLoadManifest(
  vault: Vault,
  ref: PointRef,
  report: ReportDamage,
): Promise<LoadedPoint | null> {
  return tryCopies(ref, report, (name) =>
    remember(vault, name, async () => ({ point: (await readManifest(vault, ref, name)).point })),
  );
}

/** Reads the body alone, without the catalogue and the object's end: for lists of thousands. Null when neither copy yields it. */
export async function peekManifest(
  vault: Vault,
  ref: PointRef,
  report: ReportDamage,
): Promise<LoadedPoint | null> {
  return tryCopies(ref, report, async (name) => {
    const known = vault.memory.get(name);
    if (known !== undefined) return known as LoadedPoint;
    const bytes = await vault.storage.size(name);
    if (bytes === null) throw damaged(name, 'is not there');
    const head = await vault.storage.read(name, 0, Math.min(bytes, PEEK_BYTES));
    const opened = openLeadingFrames(vault.keys, 'manifest', head, name);
    if (opened === null) return { point: (await readManifest(vault, ref, name)).point };
    const point = decodeManifestBody(opened.frames, name);
    checkIdentity(vault, ref, opened.id, point, name);
    return { point };
  });
}

async function tryCopies<T>(
  ref: PointRef,
  report: ReportDamage,
  read: (name: string) => Promise<T>,
): Promise<T | null> {
  for (const side of [...ref.sides].sort()) {
    const name = pointName(ref.stem, side);
    try {
      return await read(name);
    } catch (error) {
      if (!isWound(error)) throw error;
      report(name, error);
    }
  }
  return null;
}

/** Reads one copy of a manifest and checks that name and body agree. */
export async function readManifest(
  vault: Vault,
  ref: Sequence & { readonly id: string },
  name: string,
): Promise<LoadedManifest> {
  const bytes = await vault.storage.readWhole(name, MAX_OBJECT_BYTES.manifest);
  const opened = openObject(vault.keys, 'manifest', bytes, name);
  const loaded = decodeManifest(opened.frames, name);
  checkIdentity(vault, ref, opened.id, loaded.point, name);
  return loaded;
}

function checkIdentity(
  vault: Vault,
  ref: Sequence & { readonly id: string },
  objectId: string,
  point: RestorePoint,
  name: string,
): void {
  const isSame = objectId === ref.id && point.id === ref.id && compareSequence(point, ref) === 0;
  if (!isSame || point.vaultId !== vault.id) throw damaged(name, 'manifest of another point');
}
