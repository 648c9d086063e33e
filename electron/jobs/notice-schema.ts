// The file of notices, checked when it is read: what an older or newer version wrote and we do not know is left out.
import { z } from 'zod';
import type { AppNotice } from '../../shared/model/app-notice.ts';
import { isFailureCode } from '../../shared/model/exit-code.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { isHexId, type PlanId, type RunId } from '../../shared/model/ids.ts';
import type { Notice } from '../../shared/model/notice.ts';

const id = <T extends string>() =>
  z
    .string()
    .refine(isHexId)
    .transform((text) => text as T);
const timeMs = z.number();
const plan = z.string();
const count = z.number();
/** Words for its facts exist by its code; a fact that is missing reads badly and breaks nothing. */
const failure = z
  .looseObject({ code: z.string().refine(isFailureCode) })
  .transform((value) => value as unknown as Failure);
const said = z.looseObject({ kind: z.string() }).transform((value) => value as unknown as Notice);

const fact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run-failed'), run: id<RunId>(), plan, failure }),
  z.object({ kind: z.literal('run-partial'), run: id<RunId>(), plan, problems: count }),
  z.object({ kind: z.literal('overdue'), plan, slotMs: timeMs }),
  z.object({
    kind: z.literal('set-unseen'),
    plan,
    set: z.string(),
    seenAtMs: timeMs.nullable(),
  }),
  z.object({ kind: z.literal('restore-test-failed'), plan, failure }),
  z.object({ kind: z.literal('key-needed'), plan }),
  z.object({ kind: z.literal('loss-seen'), plan, table: z.string(), rows: count, atMs: timeMs }),
  z.object({ kind: z.literal('agent-keeps-ending'), times: count }),
  z.object({ kind: z.literal('sign-in-start-off') }),
  z.object({ kind: z.literal('all-fine'), plans: count, backups: count }),
  z.object({ kind: z.literal('said'), notice: said }),
]);

const noticeSchema = z.object({
  id: z.string().refine(isHexId),
  atMs: timeMs,
  planId: id<PlanId>().nullable(),
  fact,
  opens: z.enum(['home', 'history', 'settings', 'bring-back']),
  dismissedAtMs: timeMs.nullable(),
});

/** A notice as it is kept: one that was dismissed stays until it is over, so that it is not said again at once. */
export interface KeptNotice extends AppNotice {
  readonly dismissedAtMs: number | null;
}

/** Newest first, as they were written; an unusable file is an empty list. */
export function parseNotices(text: string): readonly KeptNotice[] {
  try {
    const list = z.array(z.unknown()).parse(JSON.parse(text));
    return list.flatMap((item) => {
      const parsed = noticeSchema.safeParse(item);
      return parsed.success ? [parsed.data] : [];
    });
  } catch {
    return [];
  }
}
