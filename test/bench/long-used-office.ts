/**
 * An office that has used Holdfast for years: a plan, thousands of runs in the history and of restore points at the place.
 * The restore points are real backups of a small database; the runs before them are written into the history as they end.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openHistory } from '../../electron/history/open-history.ts';
import { recordRunEnd, recordRunStart } from '../../electron/history/runs.ts';
import { findPlan } from '../../electron/jobs/find-plan.ts';
import { openEngine } from '../../electron/jobs/engine.ts';
import { runPlanJob } from '../../electron/jobs/run-plan-job.ts';
import { systemClock, systemRandom } from '../../electron/platform/system-clock.ts';
import { openSecretStore } from '../../electron/secrets/secret-store.ts';
import { asId, type PlanId, type RunId } from '../../shared/model/ids.ts';
import { createSampleCrm } from '../support/sample-crm.ts';
import { sourceWorkerUrl } from '../support/source-worker-url.ts';
import { holdfast, holdfastCommand } from './holdfast.ts';

export type LongUsedOffice = {
  readonly plan: PlanId;
  /** For processes that work on it. */
  readonly env: Readonly<Record<string, string>>;
  readonly dataFolder: string;
};

const computeWorkerUrl = new URL(
  '../../electron/engine/pipeline/compute-worker.ts',
  import.meta.url,
);
const HOUR_MS = 3_600_000;
const kinds = ['backup', 'backup', 'drill', 'verify', 'forget'] as const;

/** One run and, later, one restore point an hour up to now. */
export async function openLongUsedOffice(
  folder: string,
  size: { readonly points: number; readonly runs: number },
): Promise<LongUsedOffice> {
  const source = join(folder, 'crm.db');
  createSampleCrm(source, { seed: 1, size: { contacts: 20 }, journalMode: 'wal' });
  await holdfast.create(folder);
  const plan = makePlan(folder, source);
  const { env = {} } = holdfastCommand(folder, []);
  const dataFolder = join(folder, 'data');
  fillHistory(dataFolder, plan, size);
  await makePoints({ dataFolder, source, plan, points: size.points });
  return { plan, env, dataFolder };
}

interface PointsToMake {
  readonly dataFolder: string;
  readonly source: string;
  readonly plan: PlanId;
  readonly points: number;
}

/** By the product's own job, on a clock that is as many hours back as there are points still to come after it. */
async function makePoints({ dataFolder, source, plan: planId, points }: PointsToMake) {
  let hoursBack = points - 1;
  const passphrase = holdfastCommand(dataFolder, []).env?.['HOLDFAST_PASSPHRASE'] ?? '';
  await using engine = openEngine({
    dataFolder,
    clock: { ...systemClock, nowMs: () => systemClock.nowMs() - hoursBack * HOUR_MS },
    random: systemRandom,
    workers: { source: sourceWorkerUrl, compute: computeWorkerUrl },
    app: 'holdfast bench',
    secrets: {
      given: async () => ({ kind: 'passphrase', passphrase }),
      store: async () => openSecretStore([]),
      ask: null,
    },
    notify: () => undefined,
  });
  const plan = await findPlan(engine, planId);
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  // The last one is made now, after the plan: without it the agent would make up for a first backup while it is measured.
  for (; hoursBack >= 0; hoursBack--) {
    changeOneRow(source, hoursBack);
    await runPlanJob(engine, plan, context);
    if (hoursBack % 100 === 0) console.error(`${points - hoursBack} restore points`);
  }
}

/** Due a day after it was made: nothing is due while it is measured. */
function makePlan(folder: string, source: string): PlanId {
  const { program, args, env } = holdfastCommand(folder, ['plan', 'create', '-']);
  const draft = {
    name: 'Office',
    sources: [source],
    places: [holdfast.repository(folder)],
    schedule: { kind: 'interval', everyMs: 24 * HOUR_MS },
    keep: {
      last: null,
      withinMs: null,
      hourly: null,
      daily: null,
      weekly: null,
      monthly: null,
      yearly: null,
    },
  };
  const input = JSON.stringify(draft);
  const answer: unknown = JSON.parse(
    execFileSync(program, args, { input, env: { ...process.env, ...env }, encoding: 'utf8' }),
  );
  return asId<PlanId>((answer as { readonly plan: { readonly id: string } }).plan.id);
}

/** The runs before the restore points, which bring their own. */
function fillHistory(
  dataFolder: string,
  planId: PlanId,
  { runs, points }: { readonly runs: number; readonly points: number },
): void {
  const nowMs = Date.now();
  using history = openHistory(dataFolder, nowMs);
  history.db.pragma('synchronous = OFF');
  for (let hoursBack = runs; hoursBack > points; hoursBack--) {
    const id = asId<RunId>(randomBytes(16).toString('hex'));
    const startedAtMs = nowMs - (hoursBack + 1) * HOUR_MS;
    const kind = kinds[hoursBack % kinds.length] ?? 'backup';
    const start = { id, kind, planId, vaultId: null, place: null, startedAtMs, process: 'bench' };
    const end = { endedAtMs: startedAtMs + 9_000, state: 'ok', point: null } as const;
    const nothing = { problems: [], failure: null, evidence: [] };
    const figures = { bytesRead: 1_070_000_000, bytesStored: 12_000_000 };
    const isKept =
      recordRunStart(history, start) &&
      recordRunEnd(history, id, { ...end, ...figures, ...nothing });
    if (!isKept) throw new Error(`the history cannot be filled: ${history.trouble()}`);
  }
}

function changeOneRow(path: string, index: number): void {
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  db.prepare('UPDATE contacts SET score = ? WHERE id = 1').run(index % 100);
  db.close();
}
