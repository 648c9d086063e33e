// Commands around a backup: one before (stop a service), one after (start it again), and what became of them in a run.
// Promise: a command is a program and its arguments; no shell reads it unless a person wrote one.
import { z } from 'zod';

export interface Action {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly timeLimitMs: number;
}

export interface PlanActions {
  /** When it fails: `stop` makes no backup, `go-on` makes one and says so. */
  readonly before: (Action & { readonly onFailure: 'stop' | 'go-on' }) | null;
  /** Is run whatever became of the backup, and of Holdfast. */
  readonly after: Action | null;
}

export const actionPhases = ['before', 'after'] as const;
export type ActionPhase = (typeof actionPhases)[number];

const DEFAULT_TIME_LIMIT_MS = 5 * 60_000;
const LONGEST_TIME_LIMIT_MS = 4 * 3600_000;

const isWithoutNul = (text: string): boolean => !text.includes('\0');

const actionFields = {
  command: z
    .array(z.string().max(8000).refine(isWithoutNul, 'must not hold a zero character'))
    .min(1, 'must be a program and its arguments')
    .max(200)
    .refine(([program]) => program !== undefined && program.trim() !== '', 'must name a program'),
  timeLimitMs: z.int().min(1000).max(LONGEST_TIME_LIMIT_MS).default(DEFAULT_TIME_LIMIT_MS),
};

export const planActionsSchema = z.strictObject({
  before: z
    .strictObject({ ...actionFields, onFailure: z.enum(['stop', 'go-on']).default('stop') })
    .nullable()
    .default(null),
  after: z.strictObject(actionFields).nullable().default(null),
});

/** It could not be ended, and may still be running; left out: it was. */
const isLeft = z.literal(true).optional();

const actionEndSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exited'), code: z.int() }),
  z.strictObject({ kind: z.literal('signalled'), signal: z.string() }),
  z.strictObject({ kind: z.literal('timed-out'), limitMs: z.number(), isLeft }),
  /** The run was cancelled meanwhile. */
  z.strictObject({ kind: z.literal('cancelled'), isLeft }),
  z.strictObject({ kind: z.literal('not-started'), detail: z.string() }),
]);

/** How a command ended. */
export type ActionEnd = Readonly<z.infer<typeof actionEndSchema>>;

export const actionRecordSchema = z.strictObject({
  phase: z.enum(actionPhases),
  command: z.array(z.string()).readonly(),
  startedAtMs: z.number(),
  durationMs: z.number(),
  end: actionEndSchema,
  /** The end of what it put out, on both streams; control characters are made visible. */
  output: z.string(),
  /** Holdfast had died in between; it was run at the next start. */
  isLate: z.boolean(),
});

/** One command in the record of a run. */
export type ActionRecord = Readonly<z.infer<typeof actionRecordSchema>>;

/** True when a command did what it was there for. */
export function isActionDone(end: ActionEnd): boolean {
  return end.kind === 'exited' && end.code === 0;
}

/** The command as a person would type it; for reading only. */
export function commandText(command: readonly string[]): string {
  return command.map(quoted).join(' ');
}

function quoted(part: string): string {
  const text = /^[^\s"']+$/u.test(part) ? part : JSON.stringify(part);
  // Nobody shall agree to a command that is shown as another one.
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** True where anything would be run. */
export function hasActions(actions: PlanActions | undefined): actions is PlanActions {
  return actions !== undefined && (actions.before !== null || actions.after !== null);
}
