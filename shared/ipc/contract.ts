// Every call that crosses a process, with its input and output: the only list. Handlers and callers derive their types
// from it, so a call that nobody serves does not compile. Paths, ids and counts cross; bulk data never does.
import { z } from 'zod';
import { isHexId } from '../model/ids.ts';
import { absolutePathSchema } from '../model/place.ts';

const id = z.string().refine(isHexId, 'must be 32 hex digits');
const count = z.number().min(0);

const problemSchema = z.strictObject({
  failure: z.looseObject({ code: z.string() }),
  source: z.string().optional(),
});

const backupOutput = z.strictObject({
  point: id,
  kind: z.enum(['full', 'incremental', 'differential']),
  fullReason: z.string().nullable(),
  sources: z.array(
    z.strictObject({
      id,
      name: z.string(),
      method: z.enum(['scanned', 'guided', 'unchanged']),
      label: z.string(),
      changedPages: count.nullable(),
    }),
  ),
  bytesRead: count,
  bytesStored: count,
  /** Null when it was not read back. */
  provedBytes: count.nullable(),
  phases: z.array(z.strictObject({ phase: z.string(), ms: count })),
  durationMs: count,
  problems: z.array(problemSchema),
});

const planStatusOutput = z.strictObject({
  id,
  name: z.string(),
  status: z.enum(['protected', 'attention', 'not-protected']),
  /** Facts by code; the words are in shared/text/status-words.ts. */
  reasons: z.array(z.looseObject({ code: z.string() })),
  proved: z.array(
    z.strictObject({
      source: id,
      place: z.string(),
      point: id.nullable(),
      takenAtMs: z.number().nullable(),
      ageMs: z.number().nullable(),
    }),
  ),
});

export const contract = {
  /** Makes one restore point outside of any plan. */
  backup: {
    servedBy: 'agent',
    input: z.strictObject({
      place: absolutePathSchema,
      sources: z.array(absolutePathSchema).min(1),
      kind: z.enum(['auto', 'full', 'incremental', 'differential']),
      /** Reads every page even where the write-ahead log would tell. */
      forceScan: z.boolean(),
      /** False leaves the copy unproved. */
      readBack: z.boolean(),
    }),
    output: backupOutput,
  },
  /** Carries out a plan now. */
  runPlan: {
    servedBy: 'agent',
    input: z.strictObject({ plan: id }),
    output: backupOutput,
  },
  /** The light of every plan. */
  status: {
    servedBy: 'agent',
    input: z.strictObject({}),
    output: z.strictObject({ plans: z.array(planStatusOutput) }),
  },
  /** Cancels what runs, closes everything and ends the process. */
  close: {
    servedBy: 'agent',
    input: z.strictObject({}),
    output: z.strictObject({}),
  },
} as const;

export type CallName = keyof typeof contract;
export type CallInput<N extends CallName> = z.infer<(typeof contract)[N]['input']>;
export type CallOutput<N extends CallName> = z.infer<(typeof contract)[N]['output']>;
