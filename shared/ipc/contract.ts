// Every call that crosses a process, with its input and output: the only list. Handlers and callers derive their types
// from it, so a call that nobody serves does not compile. Paths, ids and counts cross; bulk data never does.
// Inputs are parsed where they are served. Outputs come from our own process and have the types of shared/model.
import { z } from 'zod';
import type { AppNotice } from '../model/app-notice.ts';
import type {
  BringBackPreview,
  BringBackResult,
  OneClickOffer,
  RowSearchPage,
  RowSession,
} from '../model/bring-back.ts';
import type { DrillOutcome } from '../model/plan-facts.ts';
import type { Failure, Problem } from '../model/failure.ts';
import {
  isHexId,
  type JobId,
  type PlanId,
  type PointId,
  type RunId,
  type SourceId,
  type VaultId,
} from '../model/ids.ts';
import type { Job } from '../model/job.ts';
import { keepRulesSchema } from '../model/keep-rules.ts';
import type { OpenUndo, Overview } from '../model/overview.ts';
import { absolutePathSchema, placePathSchema } from '../model/place.ts';
import { MOST_PLACES, type Plan } from '../model/plan.ts';
import type { BackupKind, CaptureLabel, CaptureMethod } from '../model/restore-point.ts';
import { runEnds, runKinds, type Run } from '../model/run.ts';
import { scheduleSchema } from '../model/schedule.ts';
import { settingsSchema, type Settings } from '../model/settings.ts';
import type {
  FoundSource,
  InspectedSource,
  PlaceCandidate,
  PlaceTest,
  Protection,
  RecoveryKit,
  TakenUp,
} from '../model/setup.ts';
import type { PlanStatus } from '../model/status-reason.ts';
import type { Timeline } from '../model/timeline.ts';

/** A type without a check: see above. */
const answer = <T>() => z.custom<T>(() => true);

const id = <T extends string>() =>
  z
    .string()
    .refine(isHexId, 'must be 32 hex digits')
    .transform((text) => text as T);
const planId = id<PlanId>();
const nothing = z.strictObject({});
const ofPlan = z.strictObject({ plan: planId });
const secret = z.string().min(1).max(1024);
/** Of the network share that a place lies on; left out: the one that is known, or none is needed. */
const sharePassword = secret.optional();
const timeMs = z.int().min(0);
const planName = z.string().min(1).max(200);

const whatSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everything') }),
  z.strictObject({ kind: z.literal('source'), source: id<SourceId>() }),
  z.strictObject({
    kind: z.literal('file'),
    source: id<SourceId>(),
    path: z.string().min(1).max(4096),
  }),
  z.strictObject({
    kind: z.literal('rows'),
    source: id<SourceId>(),
    rows: z
      .array(
        z.strictObject({
          table: z.string().min(1),
          keys: z.union([z.literal('all'), z.array(z.string()).min(1).max(10_000)]),
        }),
      )
      .min(1),
    addedSince: z.enum(['keep', 'remove']),
  }),
]);

const bringBackSchema = z.strictObject({
  plan: planId,
  point: id<PointId>(),
  what: whatSchema,
  where: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('in-place') }),
    z.strictObject({ kind: z.literal('folder'), path: absolutePathSchema }),
  ]),
  goOnWithoutUndo: z.boolean(),
});

export interface BackupAnswer {
  readonly point: PointId;
  readonly kind: BackupKind;
  readonly fullReason: string | null;
  readonly sources: readonly {
    readonly id: SourceId;
    readonly name: string;
    readonly method: CaptureMethod;
    readonly label: CaptureLabel;
    readonly changedPages: number | null;
  }[];
  readonly bytesRead: number;
  readonly bytesStored: number;
  /** Null when it was not read back. */
  readonly provedBytes: number | null;
  readonly phases: readonly { readonly phase: string; readonly ms: number }[];
  readonly durationMs: number;
  readonly problems: readonly Problem[];
}

export interface DrillAnswer {
  readonly point: PointId;
  readonly outcome: DrillOutcome;
  readonly recoveryMs: number;
  readonly sources: readonly {
    readonly name: string;
    readonly outcome: DrillOutcome;
    readonly bytes: number;
    /** Tables whose rows were counted and are as recorded. */
    readonly tables: number;
    readonly rows: number;
    readonly failure: Failure | null;
  }[];
  readonly failure: Failure | null;
}

/** What the computer's power looks like; told by the shell. */
const powerSchema = z.strictObject({
  onBattery: z.boolean(),
  /** Null: not told. */
  percent: z.number().min(0).max(100).nullable(),
});

export const contract = {
  // ---- Home
  overview: { servedBy: 'agent', openTo: 'window', input: nothing, output: answer<Overview>() },
  /** What is waiting or under way. */
  jobs: {
    servedBy: 'agent',
    openTo: 'window',
    input: nothing,
    output: answer<{ readonly jobs: readonly Job[] }>(),
  },
  /** Stops at the next safe boundary; the call that began it fails with `cancelled`. */
  cancelJob: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ job: id<JobId>() }),
    output: answer<{ readonly isFound: boolean }>(),
  },
  /** The light of every plan. */
  status: {
    servedBy: 'agent',
    openTo: 'window',
    input: nothing,
    output: answer<{
      readonly plans: readonly {
        readonly id: PlanId;
        readonly name: string;
        readonly status: PlanStatus['kind'];
        readonly reasons: PlanStatus['reasons'];
        readonly proved: PlanStatus['proved'];
      }[];
    }>(),
  },

  // ---- Work
  /** Makes one restore point outside of any plan. */
  backup: {
    servedBy: 'agent',
    openTo: 'main',
    input: z.strictObject({
      place: placePathSchema,
      sources: z.array(absolutePathSchema).min(1),
      kind: z.enum(['auto', 'full', 'incremental', 'differential']),
      /** Reads every page even where the write-ahead log would tell. */
      forceScan: z.boolean(),
      /** False leaves the copy unproved. */
      readBack: z.boolean(),
    }),
    output: answer<BackupAnswer>(),
  },
  /** Carries out a plan now. Resolves when it is done; whoever closes the window meanwhile finds it in `jobs`. */
  runPlan: { servedBy: 'agent', openTo: 'window', input: ofPlan, output: answer<BackupAnswer>() },
  /** Restores the newest point to a scratch folder, opens it, compares. */
  drill: { servedBy: 'agent', openTo: 'window', input: ofPlan, output: answer<DrillAnswer>() },
  /** Until `untilMs`, or until resumed; null plan: all of them. */
  pause: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ plan: planId.nullable(), untilMs: timeMs.nullable() }),
    output: answer<{ readonly plans: number }>(),
  },
  resume: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ plan: planId.nullable() }),
    output: answer<{ readonly plans: number }>(),
  },
  changePlan: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({
      plan: planId,
      name: planName.optional(),
      schedule: scheduleSchema.optional(),
      keep: keepRulesSchema.optional(),
    }),
    output: answer<Plan>(),
  },
  /** Copies and history stay. */
  deletePlan: { servedBy: 'agent', openTo: 'window', input: ofPlan, output: answer<Plan>() },

  // ---- Setup
  /** Databases in the folders where programs usually keep them. */
  findSources: {
    servedBy: 'agent',
    openTo: 'window',
    input: nothing,
    output: answer<{ readonly found: readonly FoundSource[]; readonly isComplete: boolean }>(),
  },
  inspectSource: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ path: absolutePathSchema }),
    output: answer<InspectedSource>(),
  },
  placeCandidates: {
    servedBy: 'agent',
    openTo: 'window',
    input: nothing,
    output: answer<{ readonly candidates: readonly PlaceCandidate[] }>(),
  },
  /** Writes, reads back, renames and deletes a file there; says what was seen. Never throws for a place that is no good. */
  testPlace: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({
      path: placePathSchema,
      sources: z.array(absolutePathSchema),
      sharePassword,
    }),
    output: answer<PlaceTest>(),
  },
  /** A passphrase to write down, from the system's random numbers. */
  suggestPassphrase: {
    servedBy: 'agent',
    openTo: 'window',
    input: nothing,
    output: answer<{ readonly passphrase: string }>(),
  },
  /** Makes the vault in a folder of the place, and the plan. The first backup is `runPlan`. */
  protect: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({
      name: planName,
      sources: z.array(absolutePathSchema).min(1),
      /** The folder that the person chose. */
      place: placePathSchema,
      /** Further ones, each with a copy of its own; all must be there now. */
      furtherPlaces: z
        .array(placePathSchema)
        .max(MOST_PLACES - 1)
        .optional(),
      /** All places take turns, as a set of this name. */
      set: z.string().min(1).max(60).optional(),
      sharePassword,
      schedule: scheduleSchema,
      keep: keepRulesSchema,
      secret: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('passphrase'), passphrase: secret }),
        /** The passphrase of another plan, from the keychain. */
        z.strictObject({ kind: z.literal('same-as'), plan: planId }),
      ]),
      remember: z.boolean(),
    }),
    output: answer<Protection>(),
  },
  /** Two groups of the recovery key as typed again, or all of it: then the kit counts as confirmed. */
  confirmKit: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({
      plan: planId,
      proof: z.discriminatedUnion('kind', [
        /** Only right after the key was made, while the agent still knows its groups. Indexes from 0. */
        z.strictObject({
          kind: z.literal('groups'),
          groups: z
            .array(z.strictObject({ index: z.int().min(0).max(30), text: z.string().max(20) }))
            .min(2),
        }),
        z.strictObject({ kind: z.literal('key'), recoveryKey: secret }),
      ]),
    }),
    output: answer<{ readonly isConfirmed: boolean; readonly wrong: readonly number[] }>(),
  },
  /** Takes up the plans of a vault on this computer; `secret` is a passphrase or a recovery key. */
  connect: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({
      place: placePathSchema,
      sharePassword,
      secret,
      remember: z.boolean(),
    }),
    output: answer<TakenUp>(),
  },
  /** Gives the agent a plan's passphrase or recovery key once. */
  unlock: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ plan: planId, secret, remember: z.boolean() }),
    output: answer<{ readonly isRemembered: boolean }>(),
  },
  /**
   * The password of the network share that a plan's copies lie on, typed anew; proved and kept. Not tried, and not kept,
   * where the share is connected already.
   */
  giveSharePassword: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ plan: planId, password: secret }),
    output: answer<{ readonly isTried: boolean; readonly isRemembered: boolean }>(),
  },
  changePassphrase: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ plan: planId, current: secret, next: secret }),
    output: answer<{ readonly isRemembered: boolean }>(),
  },
  newRecoveryKey: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ plan: planId, current: secret }),
    output: answer<RecoveryKit>(),
  },

  // ---- Bringing something back
  timeline: {
    servedBy: 'agent',
    openTo: 'window',
    input: ofPlan,
    output: answer<Timeline>(),
  },
  /** The fall in rows that was noticed up to this point was meant: later points count as good again. */
  acknowledgeLoss: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ plan: planId, point: id<PointId>() }),
    output: answer<Record<string, never>>(),
  },
  /** Files of the folders in a restore point, by a part of their path. */
  pointFiles: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({
      plan: planId,
      point: id<PointId>(),
      search: z.string().max(400),
      limit: z.int().min(1).max(500),
    }),
    output: answer<{
      readonly files: readonly {
        readonly source: SourceId;
        readonly path: string;
        readonly bytes: number;
      }[];
      readonly total: number;
    }>(),
  },
  openRows: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ plan: planId, point: id<PointId>(), source: id<SourceId>() }),
    output: answer<RowSession>(),
  },
  searchRows: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({
      session: id<string>(),
      table: z.string().min(1),
      search: z.string().max(400),
      /** Leaves out rows that are now as they were then. */
      onlyDifferent: z.boolean(),
      offset: z.int().min(0),
      limit: z.int().min(1).max(200),
    }),
    output: answer<RowSearchPage>(),
  },
  closeRows: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ session: id<string>() }),
    output: answer<Record<string, never>>(),
  },
  /** What would happen; changes nothing. Obstacles are facts in it, not failures. */
  previewBringBack: {
    servedBy: 'agent',
    openTo: 'window',
    input: bringBackSchema.extend({
      /** Also says what differs between then and now, where that can be told. */
      compare: z.boolean(),
    }),
    output: answer<BringBackPreview>(),
  },
  bringBack: {
    servedBy: 'agent',
    openTo: 'window',
    input: bringBackSchema,
    output: answer<BringBackResult>(),
  },
  undo: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ run: id<RunId>(), evenIfChanged: z.boolean() }),
    output: answer<{
      readonly target: string;
      readonly rows: number | null;
      /** Takes the undo back: the run of it, where that can be undone too. */
      readonly redo: OpenUndo | null;
    }>(),
  },
  /** For each plan the newest good point, and what would differ. */
  oneClick: {
    servedBy: 'agent',
    openTo: 'window',
    input: nothing,
    output: answer<{ readonly offers: readonly OneClickOffer[] }>(),
  },

  // ---- History
  runs: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({
      kind: z.enum(runKinds).nullable(),
      state: z.enum(runEnds).nullable(),
      plan: planId.nullable(),
      /** Runs that started before this. */
      beforeMs: timeMs.nullable(),
      limit: z.int().min(1).max(500),
    }),
    output: answer<{ readonly runs: readonly Run[]; readonly hasMore: boolean }>(),
  },
  notices: {
    servedBy: 'agent',
    openTo: 'window',
    input: nothing,
    output: answer<{ readonly notices: readonly AppNotice[] }>(),
  },
  /** Null: all of them. */
  dismissNotice: {
    servedBy: 'agent',
    openTo: 'window',
    input: z.strictObject({ notice: id<string>().nullable() }),
    output: answer<Record<string, never>>(),
  },

  // ---- Settings
  settings: { servedBy: 'agent', openTo: 'window', input: nothing, output: answer<Settings>() },
  changeSettings: {
    servedBy: 'agent',
    openTo: 'window',
    input: settingsSchema.partial(),
    output: answer<Settings>(),
  },

  // ---- What only the shell knows or can do
  pickFile: {
    servedBy: 'main',
    openTo: 'window',
    input: nothing,
    output: answer<{ readonly path: string | null }>(),
  },
  pickFolder: {
    servedBy: 'main',
    openTo: 'window',
    input: nothing,
    output: answer<{ readonly path: string | null }>(),
  },
  /** Asks where, and writes the recovery kit as a PDF. Null: the person changed their mind. */
  saveKit: {
    servedBy: 'main',
    openTo: 'window',
    input: z.strictObject({ kit: answer<RecoveryKit>().refine(isKit, 'must be a recovery kit') }),
    output: answer<{ readonly path: string | null }>(),
  },
  /** Shows a file or folder in the system's file manager. */
  showInFolder: {
    servedBy: 'main',
    openTo: 'window',
    input: z.strictObject({ path: absolutePathSchema }),
    output: answer<Record<string, never>>(),
  },
  /** The window holds something that would be lost with it, or no longer: then it is kept although it is hidden. */
  holdWindow: {
    servedBy: 'main',
    openTo: 'window',
    input: z.strictObject({ isHeld: z.boolean() }),
    output: answer<Record<string, never>>(),
  },
  shellInfo: {
    servedBy: 'main',
    openTo: 'window',
    input: nothing,
    output: answer<{
      readonly version: string;
      readonly platform: 'win32' | 'darwin' | 'linux';
      readonly systemLocale: 'en' | 'zh-CN';
      readonly hasTray: boolean;
      readonly signInStart: 'on' | 'off' | 'switched-off-by-system' | 'not-packaged';
    }>(),
  },

  // ---- From the shell to the agent
  power: {
    servedBy: 'agent',
    openTo: 'main',
    input: powerSchema,
    output: answer<Record<string, never>>(),
  },
  /** Nothing starts any more; what runs stops at a safe boundary and is recorded as interrupted. */
  suspend: {
    servedBy: 'agent',
    openTo: 'main',
    input: nothing,
    output: answer<Record<string, never>>(),
  },
  /** Work may start again, after the settling time. */
  wake: {
    servedBy: 'agent',
    openTo: 'main',
    input: nothing,
    output: answer<Record<string, never>>(),
  },
  /** Cancels what runs, closes everything and ends the process. */
  close: {
    servedBy: 'agent',
    openTo: 'main',
    input: nothing,
    output: answer<Record<string, never>>(),
  },
} as const;

function isKit(value: unknown): boolean {
  return kitSchema.safeParse(value).success;
}

const kitSchema = z.strictObject({
  plan: id<PlanId>(),
  planName,
  vault: id<VaultId>(),
  place: placePathSchema,
  sources: z.array(absolutePathSchema).min(1).max(1000),
  recoveryKey: z.string().min(1).max(200),
  readerSha256: z.string().regex(/^[0-9a-f]{64}$/u),
  madeAtMs: timeMs,
});

export type CallName = keyof typeof contract;
export type AgentCallName = {
  [N in CallName]: (typeof contract)[N]['servedBy'] extends 'agent' ? N : never;
}[CallName];
export type MainCallName = Exclude<CallName, AgentCallName>;
/** Calls that the window may make. */
export type WindowCallName = {
  [N in CallName]: (typeof contract)[N]['openTo'] extends 'window' ? N : never;
}[CallName];
export type CallInput<N extends CallName> = z.infer<(typeof contract)[N]['input']>;
export type CallOutput<N extends CallName> = z.infer<(typeof contract)[N]['output']>;
/** What a caller hands in: before defaults. */
export type CallRequest<N extends CallName> = Given<z.input<(typeof contract)[N]['input']>>;

type Given<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Given<Item>[]
    : { readonly [K in keyof T]: Given<T[K]> };

/** What a window or the shell may have to show anew. */
export type Topic = 'overview' | 'runs' | 'notices' | 'settings';

/** Told without being asked, from the agent or the shell to every window. */
export type AppEvent =
  | { readonly kind: 'changed'; readonly topics: readonly Topic[] }
  /** All jobs, at most ten times a second, and always when one begins or ends. */
  | { readonly kind: 'jobs'; readonly jobs: readonly Job[] }
  /** New in the list of notices; the shell may show it on the desktop. */
  | { readonly kind: 'notice'; readonly notice: AppNotice }
  /** From the shell: a screen was asked for in the tray or by a notice. */
  | { readonly kind: 'open'; readonly screen: Screen };

/** Where the window can be asked to go. */
export type Screen =
  | { readonly kind: 'home' }
  | { readonly kind: 'history'; readonly run: RunId | null }
  | { readonly kind: 'settings' }
  | { readonly kind: 'bring-back'; readonly plan: PlanId | null }
  | { readonly kind: 'one-click'; readonly plan: PlanId | null };
