// A backup plan: what is protected, where to, when, and what is kept. Readonly data without secrets; one JSON file each.
// Promise: what `parsePlan` accepts is complete and sound, and what it refuses names the field.
import { z } from 'zod';
import { planActionsSchema, type PlanActions } from './actions.ts';
import { BackupError } from './backup-error.ts';
import { isHexId, type PlanId, type SourceId } from './ids.ts';
import { keepRulesSchema, type KeepRules } from './keep-rules.ts';
import { absolutePathSchema, placeSchema, type Place } from './place.ts';
import { scheduleSchema, type Schedule } from './schedule.ts';

export interface PlanSource {
  readonly id: SourceId;
  /** Absolute path of a database file or folder. */
  readonly path: string;
  /** Unique in the plan; also the folder of this source in a restore of several. */
  readonly name: string;
}

export interface Plan {
  readonly version: 1;
  readonly id: PlanId;
  readonly name: string;
  readonly sources: readonly PlanSource[];
  /** One to eight; each holds a copy of its own. */
  readonly places: readonly Place[];
  readonly schedule: Schedule;
  readonly keep: KeepRules;
  /** Commands around each backup; absent: none. On another computer they wait for an agreement. */
  readonly actions?: PlanActions;
  readonly createdAtMs: number;
  /** Null: not paused. `untilMs` null: until it is resumed by hand. */
  readonly paused: { readonly untilMs: number | null } | null;
}

const id = <T extends string>() =>
  z
    .string()
    .refine(isHexId, 'must be 32 hex digits')
    .transform((text) => text as T);

const title = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text.trim() === text, 'must not begin or end with a space')
  .refine((text) => !/\p{Cc}/u.test(text), 'must not hold control characters');

const folderName = title
  .refine((text) => !/[/\\]/u.test(text), 'must not hold / or \\')
  .refine((text) => text !== '.' && text !== '..', 'must be a name');

/** More copies of everything than an office can look after. */
export const MOST_PLACES = 8;

const isUnique = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;
const folded = (text: string): string => text.normalize('NFC').toLowerCase();
const timeMs = z.int().min(0);

const planSchema = z.strictObject({
  version: z.literal(1),
  id: id<PlanId>(),
  name: title,
  sources: z
    .array(z.strictObject({ id: id<SourceId>(), path: absolutePathSchema, name: folderName }))
    .min(1)
    .refine((list) => isUnique(list.map((source) => source.id)), 'must have each id once')
    .refine((list) => isUnique(list.map((source) => source.path)), 'must have each path once')
    .refine(
      (list) => isUnique(list.map((source) => folded(source.name))),
      'must have each name once',
    ),
  places: z
    .array(placeSchema)
    .min(1, 'must be at least one place')
    .max(MOST_PLACES, `must be at most ${MOST_PLACES} places`)
    .refine((list) => isUnique(list.map((place) => place.path)), 'must have each path once')
    .refine(
      (list) => isUnique(list.flatMap(({ name }) => (name === undefined ? [] : [folded(name)]))),
      'must have each name once',
    )
    .refine(
      (list) => isUnique(list.flatMap(({ vaultId }) => (vaultId === null ? [] : [vaultId]))),
      // One disk copied to another: what is known of one copy would be believed of both.
      'must have each copy once; two disks with the same copy cannot be told apart',
    ),
  schedule: scheduleSchema,
  keep: keepRulesSchema,
  actions: planActionsSchema.exactOptional(),
  createdAtMs: timeMs,
  paused: z.strictObject({ untilMs: timeMs.nullable() }).nullable(),
});

/** A plan from outside; throws `plan-invalid` with every field that is wrong. */
export function parsePlan(value: unknown): Plan {
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues.map(describe).join('; ');
  throw new BackupError({ code: 'plan-invalid', plan: nameIn(value), detail });
}

/** True while the plan's slots are held back on purpose. */
export function isPaused(plan: Plan, nowMs: number): boolean {
  return plan.paused !== null && (plan.paused.untilMs === null || nowMs < plan.paused.untilMs);
}

function describe({ path, message }: z.core.$ZodIssue): string {
  const field = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./u, '');
  return field === '' ? message : `${field}: ${message}`;
}

/** What to call a plan that cannot be read: its name, else its id. */
function nameIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '?';
  const { name, id: planId } = value as { name?: unknown; id?: unknown };
  const found = [name, planId].find((text) => typeof text === 'string' && text !== '');
  return typeof found === 'string' ? found.slice(0, 200) : '?';
}
