/** All that the demo reads out of Holdfast's answers. */
import { z } from 'zod';

const bytes = z.number().nonnegative();
const counts = z.array(z.looseObject({ table: z.string(), rows: z.number() }));

export const createdVault = z.looseObject({ ok: z.literal(true), recoveryKey: z.string() });

export const madePoint = z.looseObject({
  ok: z.literal(true),
  point: z.looseObject({ id: z.string(), kind: z.string(), parent: z.string().nullable() }),
  sources: z
    .array(
      z.looseObject({
        bytes,
        label: z.string(),
        method: z.string(),
        pages: z.looseObject({ pageSize: bytes, pageCount: bytes, changedPages: bytes }),
        /** Null where only the pages were read that the log told of. */
        counts: counts.nullable(),
      }),
    )
    .length(1),
  bytesRead: bytes,
  bytesStored: bytes,
  provedBytes: bytes,
  problems: z.array(z.unknown()).length(0),
});
export type MadePoint = z.infer<typeof madePoint>;

export const restoredInPlace = z.looseObject({
  ok: z.literal(true),
  restored: z
    .array(
      z.looseObject({
        bytes,
        way: z.looseObject({ kind: z.string() }),
        safety: z.looseObject({ kind: z.literal('point'), point: z.string() }),
        isIntegrityChecked: z.boolean(),
        pagesWrittenSince: z.number(),
      }),
    )
    .length(1),
});

export const undone = z.looseObject({ ok: z.literal(true), undone: z.string() });

export const restoredRows = z.looseObject({
  ok: z.literal(true),
  tables: z.array(
    z.looseObject({
      table: z.string(),
      missing: z.number(),
      changed: z.number(),
      parents: z.number(),
      children: z.number(),
      relinked: z.number(),
    }),
  ),
  touched: z.number(),
});

export const restoredFolder = z.looseObject({
  ok: z.literal(true),
  databases: z.array(z.looseObject({ path: z.string() })).length(1),
  bytes,
});

export const verified = z.looseObject({
  ok: z.literal(true),
  points: z.number(),
  bytesRead: bytes,
  damage: z.array(z.unknown()).length(0),
  isSound: z.literal(true),
});

const comparedTable = z.looseObject({
  table: z.string(),
  rowsBefore: z.number(),
  rowsAfter: z.number(),
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  examples: z.array(
    z.looseObject({ change: z.string(), key: z.string(), label: z.string().nullable() }),
  ),
});
export type ComparedTable = z.infer<typeof comparedTable>;

export const compared = z.looseObject({
  ok: z.literal(true),
  sources: z
    .array(
      z.looseObject({
        result: z.looseObject({
          kind: z.literal('rows'),
          database: z.looseObject({ tables: z.array(comparedTable) }),
        }),
      }),
    )
    .length(1),
  fetchedBytes: bytes,
});

export const drilled = z.looseObject({
  ok: z.literal(true),
  point: z.string(),
  outcome: z.literal('proved'),
  sources: z
    .array(
      z.looseObject({
        bytes,
        complaints: z.array(z.string()).nullable(),
        counts: z.array(
          z.looseObject({
            table: z.string(),
            rows: z.number().nullable(),
            recorded: z.number().nullable(),
          }),
        ),
      }),
    )
    .length(1),
  recoveryMs: z.number(),
});
