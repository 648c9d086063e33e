/**
 * Carries out a plan in a process of its own that is killed in the middle of it.
 *
 *   node test/support/run-plan-process.ts DATA-FOLDER PLAN-ID PHASE
 *
 * It kills itself, as `kill -9` and a power cut would, when the backup has come to PHASE.
 */
import { runPlanJob } from '../../electron/jobs/run-plan-job.ts';
import { readPlan } from '../../electron/plans/plan-files.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import { openActionsEngine } from './actions-engine.ts';

const [dataFolder = '', planId = '', killIn = ''] = process.argv.slice(2);
await using engine = openActionsEngine(dataFolder, () => undefined);
const { plan } = await readPlan(dataFolder, planId as PlanId);
await runPlanJob(engine, plan, {
  signal: new AbortController().signal,
  onProgress({ phase }) {
    if (phase === killIn) process.kill(process.pid, 'SIGKILL');
  },
});
