// What can be ordered for one plan, what is under way for it, and what went wrong last.
import type { Job } from '../../shared/model/job.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { failureIn } from '../bridge/client.ts';
import { useJobs } from '../bridge/use-jobs.ts';
import { useOrder } from '../bridge/use-call.ts';

export interface PlanOrders {
  readonly backUp: () => void;
  readonly test: () => void;
  readonly pause: (untilMs: number | null) => void;
  readonly resume: () => void;
  readonly cancel: (job: Job) => void;
  readonly jobs: readonly Job[];
  /** A backup or restore test was ordered or is under way: no second one. */
  readonly isBusy: boolean;
  /** Of the last order; null: none failed, or the person stopped it. */
  readonly failure: Failure | null;
  /** What failed was a backup or a restore test: `again` gives the order once more. */
  readonly isRunFailed: boolean;
  readonly again: () => void;
}

export function usePlanOrders({ id }: Plan): PlanOrders {
  const run = useOrder('runPlan');
  const drill = useOrder('drill');
  const pause = useOrder('pause');
  const resume = useOrder('resume');
  const cancel = useOrder('cancelJob');
  const jobs = useJobs().filter(({ planId }) => planId === id);
  const orders = [run, drill, pause, resume, cancel];
  const forgetFailures = (): void => orders.forEach((order) => order.reset());
  const failed = orders.map(({ error }) => error).find((error) => error !== null);
  const failure = failed === undefined ? null : failureIn(failed);
  const backUp = (): void => {
    forgetFailures();
    run.mutate({ plan: id });
  };
  const test = (): void => {
    forgetFailures();
    drill.mutate({ plan: id });
  };
  return {
    backUp,
    test,
    again: drill.error === null ? backUp : test,
    pause: (untilMs) => pause.mutate({ plan: id, untilMs }),
    resume: () => resume.mutate({ plan: id }),
    cancel: (job) => cancel.mutate({ job: job.id }),
    jobs,
    isBusy: run.isPending || drill.isPending || jobs.length > 0,
    isRunFailed: run.error !== null || drill.error !== null,
    failure: failure?.code === 'cancelled' ? null : failure,
  };
}
