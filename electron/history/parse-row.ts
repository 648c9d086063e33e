// Rows of the history on their way back: the file may have been changed by anyone, so every row is parsed.
import { z } from 'zod';
import { actionRecordSchema } from '../../shared/model/actions.ts';
import { isFailureCode } from '../../shared/model/exit-code.ts';
import type { Failure, Problem } from '../../shared/model/failure.ts';
import {
  isHexId,
  type PlanId,
  type PointId,
  type RunId,
  type VaultId,
} from '../../shared/model/ids.ts';
import { runEnds, runKinds, type Run } from '../../shared/model/run.ts';

const hexId = <T extends string>() =>
  z
    .string()
    .refine(isHexId)
    .transform((text) => text as T);

const failureSchema = z
  .looseObject({ code: z.string() })
  .transform((value): Failure =>
    isFailureCode(value.code)
      ? (value as unknown as Failure)
      : { code: 'unexpected', detail: JSON.stringify(value) },
  );

const problemSchema = z
  .strictObject({ failure: failureSchema, source: z.string().optional() })
  .transform(({ failure, source }): Problem =>
    source === undefined ? { failure } : { failure, source },
  );

/** A JSON column; NULL stays null. */
function json<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('is no JSON');
        return z.NEVER;
      }
    })
    .pipe(schema);
}

const runRowSchema = z.object({
  id: hexId<RunId>(),
  kind: z.enum(runKinds),
  plan_id: hexId<PlanId>().nullable(),
  vault_id: hexId<VaultId>().nullable(),
  place: z.string().nullable(),
  started_at_ms: z.number(),
  ended_at_ms: z.number().nullable(),
  state: z.enum(['running', ...runEnds]),
  point_id: hexId<PointId>().nullable(),
  bytes_read: z.number(),
  bytes_stored: z.number(),
  phase_ms: json(z.record(z.string(), z.number())),
  problems: json(z.array(problemSchema)),
  failure: json(failureSchema).nullable(),
  actions: json(z.array(actionRecordSchema)),
  is_rebuilt: z.number(),
});

/** A row of `runs`; null when it makes no sense. */
export function parseRunRow(row: unknown): Run | null {
  const parsed = runRowSchema.safeParse(row);
  if (!parsed.success) return null;
  const data = parsed.data;
  return {
    id: data.id,
    kind: data.kind,
    planId: data.plan_id,
    vaultId: data.vault_id,
    place: data.place,
    startedAtMs: data.started_at_ms,
    endedAtMs: data.ended_at_ms,
    state: data.state,
    point: data.point_id,
    figures: {
      bytesRead: data.bytes_read,
      bytesStored: data.bytes_stored,
      phaseMs: data.phase_ms,
    },
    problems: data.problems,
    failure: data.failure,
    actions: data.actions,
    isRebuilt: data.is_rebuilt === 1,
  };
}
