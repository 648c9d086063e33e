/** A plan with commands around its backups, and the product's jobs on it in this process. Ends with the test. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { agreeToActions } from '../../electron/jobs/actions/agreements.ts';
import type { Engine } from '../../electron/jobs/engine.ts';
import { createPlan } from '../../electron/jobs/plan-jobs.ts';
import type { JobContext } from '../../electron/jobs/record-run.ts';
import { listRuns } from '../../electron/history/runs.ts';
import type { Notice } from '../../shared/model/notice.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Run } from '../../shared/model/run.ts';
import { openActionsEngine } from './actions-engine.ts';
import { makeFastVault } from './command-line.ts';
import { createLedger } from './quiet-database.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

export interface ActionsOffice {
  readonly folder: string;
  readonly dataFolder: string;
  readonly place: string;
  readonly database: string;
  readonly engine: Engine;
  readonly said: Notice[];
  readonly context: JobContext;
  /** Stores the plan; `isAgreed`: as if it was written here. */
  plan(actions: unknown, isAgreed?: boolean): Promise<Plan>;
  /** Backups, newest first. */
  backups(): readonly Run[];
}

export const nobody: JobContext = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
};

export async function openActionsOffice(): Promise<ActionsOffice> {
  const folder = await makeTemporaryFolder();
  const [dataFolder, place, database] = ['data', 'vault', 'crm.db'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  createLedger(database, { rows: 40, seed: 1 });
  await makeFastVault(place);
  const said: Notice[] = [];
  const engine = openActionsEngine(dataFolder, (notice) => void said.push(notice));
  onTestFinished(async () => engine[Symbol.asyncDispose]());
  return {
    folder,
    dataFolder,
    place,
    database,
    engine,
    said,
    context: nobody,
    async plan(actions, isAgreed = true) {
      const draft = {
        name: 'Office',
        sources: [database],
        places: [place],
        schedule: { kind: 'interval', everyMs: 3_600_000 },
        ...(actions === undefined ? {} : { actions }),
      };
      const plan = await createPlan(engine, draft, nobody);
      if (isAgreed) await agreeToActions(engine, plan);
      return plan;
    },
    backups: () => listRuns(engine.history(), { kind: 'backup' }),
  };
}
