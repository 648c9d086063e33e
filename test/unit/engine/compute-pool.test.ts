/** The threads of the heavy work: they are gone when nothing needs them, and no job waits for one that is gone. */
import { expect, test } from 'vitest';
import type { ComputeJob } from '../../../electron/engine/pipeline/compute-jobs.ts';
import { createComputePool } from '../../../electron/engine/pipeline/compute-pool.ts';
import { realClock } from '../../support/test-clock.ts';

/** Answers with the number of its thread; a job of the kind `die` ends it. */
const worker = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ id, job }) => {
      if (job.kind === 'die') process.exit(1);
      parentPort.postMessage({ id, result: threadId });
    });
  `)}`,
);
const job = (kind: string): ComputeJob => ({ kind }) as unknown as ComputeJob;

test('threads end when there was nothing to do for a while, and the next job has new ones', async () => {
  await using pool = createComputePool(worker, 1, 100);
  const first = await pool.run(job('say'));
  expect(await pool.run(job('say'))).toBe(first);
  await realClock.sleep(400);
  const later = await pool.run(job('say'));
  expect(later).not.toBe(first);
  await realClock.sleep(400);
  expect(await pool.run(job('say'))).not.toBe(later);
});

test('a thread that died fails its job, and no later job is given to it', async () => {
  await using pool = createComputePool(worker, 1);
  const first = await pool.run(job('say'));
  await expect(pool.run(job('die'))).rejects.toMatchObject({ failure: { code: 'unexpected' } });
  expect(await pool.run(job('say'))).not.toBe(first);
});
