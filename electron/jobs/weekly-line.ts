// Once a week one line that all is fine, so that silence is never taken for health. Said only when every plan is protected.
// When it was said last stands in a small file; losing it costs one line too many.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Plan } from '../../shared/model/plan.ts';
import { listRuns } from '../history/runs.ts';
import { listPlans } from '../plans/plan-files.ts';
import { writeDurably } from '../plans/durable-file.ts';
import type { Engine } from './engine.ts';
import { reportPlan } from './plan-status-job.ts';
import type { RunNews } from './run-news.ts';

const WEEK_MS = 7 * 86_400_000;

const fileSchema = z.object({ saidAtMs: z.int().min(0) });

/** Counted from the last line, else from the oldest plan; a line from the future (the clock was wrong) counts as now. */
export function isWeeklyLineDue(
  saidAtMs: number | null,
  plans: readonly Pick<Plan, 'createdAtMs'>[],
  nowMs: number,
): boolean {
  if (plans.length === 0) return false;
  const sinceMs = saidAtMs ?? Math.min(...plans.map(({ createdAtMs }) => createdAtMs));
  return nowMs - Math.min(sinceMs, nowMs) >= WEEK_MS;
}

export interface WeeklyLine {
  /** Says it when it is due and true. */
  look(plans: readonly Plan[]): Promise<void>;
}

/** What it goes by, and says it through. */
export interface WeeklyParts {
  readonly nowMs: () => number;
  readonly dataFolder: string;
  /** False: a plan's file cannot be read, so that it is not among the plans. */
  areAllReadable(): Promise<boolean>;
  isProtected(plan: Plan): Promise<boolean>;
  backupsSince(atMs: number): number;
  say(plans: number, backups: number): void;
}

/** The parts of the real app. */
export function weeklyPartsOf(engine: Engine, news: RunNews): WeeklyParts {
  return {
    nowMs: () => engine.clock.nowMs(),
    dataFolder: engine.dataFolder,
    areAllReadable: async () => (await listPlans(engine.dataFolder)).unreadable.length === 0,
    isProtected: async (plan) => (await reportPlan(engine, plan)).status.kind === 'protected',
    backupsSince: (sinceMs) =>
      listRuns(engine.history(), { kind: 'backup', state: 'ok', sinceMs }).length,
    say(plans, backups) {
      news.dropAllFine();
      news.say({ planId: null, fact: { kind: 'all-fine', plans, backups }, opens: 'home' });
    },
  };
}

export function createWeeklyLine(parts: WeeklyParts): WeeklyLine {
  const path = join(parts.dataFolder, 'weekly.json');
  let saidAtMs: number | null | undefined;
  const remember = async (atMs: number): Promise<void> => {
    saidAtMs = atMs;
    // A full disk must not make the line come every 30 seconds: it is remembered here anyway.
    await mkdir(parts.dataFolder, { recursive: true, mode: 0o700 })
      .then(async () => writeDurably(path, `${JSON.stringify({ saidAtMs: atMs })}\n`))
      .catch(() => undefined);
  };
  return {
    async look(plans) {
      const nowMs = parts.nowMs();
      saidAtMs ??= await readSaid(path);
      if (saidAtMs !== null && saidAtMs > nowMs) await remember(nowMs);
      if (!isWeeklyLineDue(saidAtMs, plans, nowMs)) return;
      if (!(await parts.areAllReadable())) return;
      for (const plan of plans) {
        if (!(await parts.isProtected(plan))) return;
      }
      parts.say(plans.length, parts.backupsSince(nowMs - WEEK_MS));
      await remember(nowMs);
    },
  };
}

async function readSaid(path: string): Promise<number | null> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).saidAtMs;
  } catch {
    return null;
  }
}
