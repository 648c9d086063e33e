// Manifests as bytes (FORMAT.md section 7): the body as JSON and the catalogue; parsed strictly enough to be trusted after it.
import { z } from 'zod';
import type { Failure } from '../../../shared/model/failure.ts';
import type { ObjectId, PlanId, PointId, SourceId, VaultId } from '../../../shared/model/ids.ts';
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import { damaged } from './sealed-object.ts';
import { parseJson } from './level-index.ts';
import { decodeCatalogue, encodeCatalogue, type CatalogueEntry } from './catalogue.ts';

const id = <T extends string>() =>
  z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .transform((text) => text as T);
const objectId = id<ObjectId>();
const natural = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const u32 = natural.max(0xffffffff);

const pageFileSchema = z
  .object({
    path: z.string(),
    size: natural,
    pageSize: natural
      .min(512)
      .max(65_536)
      .refine((size) => Number.isInteger(Math.log2(size))),
    pageCount: u32.max(0xfffffffe),
    mode: natural,
    root: z.string().regex(/^[0-9a-f]{64}$/),
    levels: z.array(objectId),
    changedPages: natural,
    storedPages: natural,
  })
  .refine(
    (file) => file.pageCount === Math.ceil(file.size / file.pageSize),
    'size and pages differ',
  );

const sourceSchema = z.object({
  id: id<SourceId>(),
  kind: z.enum(['sqlite', 'page-file', 'folder', 'raw']),
  name: z.string(),
  path: z.string(),
  capturedAtMs: z.number(),
  label: z.enum([
    'transactional',
    'quiet-copy',
    'recovered-after-crash',
    'crash-consistent',
    'damaged-source',
  ]),
  method: z.enum(['scanned', 'guided', 'unchanged']),
  pages: pageFileSchema.nullable(),
  list: z.object({ levels: z.array(objectId), files: natural, bytes: natural }).nullable(),
  counts: z.array(z.object({ table: z.string(), rows: natural })).nullable(),
  marker: z.unknown(),
});

const sized = z.object({ id: objectId, bytes: natural });
/** Codes of a newer version of the app are kept as they are: words for them may be missing, facts are not lost. */
const failureSchema = z
  .looseObject({ code: z.string() })
  .transform((value) => value as unknown as Failure);

const bodySchema = z.object({
  version: z.literal(1),
  vaultId: id<VaultId>(),
  id: id<PointId>(),
  epoch: u32,
  counter: u32,
  kind: z.enum(['full', 'incremental', 'differential']),
  parent: id<PointId>().nullable(),
  family: id<PointId>(),
  planId: id<PlanId>().nullable(),
  takenAt: z.object({
    ms: z.number(),
    zone: z.string(),
    offsetMinutes: z.number(),
    doubtful: z.boolean(),
  }),
  finishedAtMs: z.number(),
  host: z.string(),
  app: z.string(),
  sources: z.array(sourceSchema),
  packs: z.array(z.object({ id: objectId, bytes: natural, liveBytes: natural })),
  tables: z.array(sized),
  lists: z.array(sized),
  written: z.object({ packs: z.array(objectId), bytes: natural, readBytes: natural }),
  problems: z.array(
    z
      .object({ failure: failureSchema, source: z.string().optional() })
      .transform(({ failure, source }) =>
        source === undefined ? { failure } : { failure, source },
      ),
  ),
});

/** Body frames' content and the catalogue frame's content. */
export function encodeManifest(
  point: RestorePoint,
  catalogue: readonly CatalogueEntry[],
): { body: Buffer; catalogue: Buffer } {
  return {
    body: Buffer.from(JSON.stringify({ version: 1, ...point })),
    catalogue: encodeCatalogue(catalogue),
  };
}

/** All frames of an opened manifest. Throws object-damaged. */
export function decodeManifest(
  frames: readonly Buffer[],
  name: string,
): { point: RestorePoint; catalogue: readonly CatalogueEntry[] } {
  const last = frames.at(-1);
  if (last === undefined || frames.length < 2) throw damaged(name, 'manifest without catalogue');
  const point = decodeManifestBody(frames.slice(0, -1), name);
  return { point, catalogue: decodeCatalogue(last, name) };
}

/** The body's frames alone. Throws object-damaged. */
export function decodeManifestBody(frames: readonly Buffer[], name: string): RestorePoint {
  const { version: _version, ...point } = parseJson(bodySchema, Buffer.concat(frames), name);
  return point;
}
