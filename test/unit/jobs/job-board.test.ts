/** Turns of the job board: who goes first, who waits for whom, and how work ends that must not go on. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AppEvent } from '../../../shared/ipc/contract.ts';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PlanId, VaultId } from '../../../shared/model/ids.ts';
import type { Job } from '../../../shared/model/job.ts';
import type { Progress } from '../../../shared/model/progress.ts';
import type { RunKind } from '../../../shared/model/run.ts';
import { createJobBoard, type NewJob } from '../../../electron/jobs/job-board.ts';
import { longestRunMs } from '../../../electron/jobs/longest-run.ts';
import type { JobContext } from '../../../electron/jobs/record-run.ts';
import { INTERRUPTION } from '../../../electron/jobs/stop-reason.ts';
import { createHandClock } from '../../support/hand-clock.ts';

const vaultA = 'a'.repeat(32) as VaultId;
const vaultB = 'b'.repeat(32) as VaultId;

function openBoard() {
  const clock = createHandClock();
  const told: (readonly Job[])[] = [];
  const ended: Job[] = [];
  const board = createJobBoard({
    clock,
    random: randomBytes,
    onChange: (jobs) => void told.push(jobs),
    onEnd: (job) => void ended.push(job),
  });
  const order: string[] = [];
  /** Work that lasts until it is let go or stopped. */
  const add = (name: string, vault: VaultId | null, kind: RunKind = 'backup') => {
    const { promise: letGo, resolve: finish } = Promise.withResolvers<string>();
    const caller = new AbortController();
    const context: JobContext = { signal: caller.signal, onProgress: () => undefined };
    let running: JobContext | null = null;
    const plan = { id: '1'.repeat(32) as PlanId, name };
    const job: NewJob = { kind, plan, origin: 'user', vault };
    const result = board.add(job, context, async (run) => {
      running = run;
      order.push(name);
      const { promise: stopped, reject } = Promise.withResolvers<never>();
      run.signal.addEventListener('abort', () => reject(run.signal.reason as Error));
      return Promise.race([letGo, stopped]);
    });
    result.catch(() => undefined);
    return { result, caller, finish: () => finish(name), context: () => running };
  };
  const settle = async (): Promise<void> => clock.advance(0);
  const states = (): string[] => board.list().map(({ planName, state }) => `${planName} ${state}`);
  return { clock, board, told, ended, order, add, settle, states };
}

test('one run per vault, different vaults beside each other, work without a vault beside both', async () => {
  const { add, order, settle, states } = openBoard();
  const first = add('A1', vaultA);
  add('A2', vaultA);
  add('B1', vaultB);
  add('none 1', null);
  add('none 2', null);
  await settle();
  expect(order).toEqual(['A1', 'B1', 'none 1']);
  first.finish();
  await expect(first.result).resolves.toBe('A1');
  await settle();
  expect(order).toEqual(['A1', 'B1', 'none 1', 'A2']);
  expect(states()).toEqual(['A2 running', 'B1 running', 'none 1 running', 'none 2 waiting']);
});

test('a restore goes before everything that waits, not before what runs, and nothing begins beside it', async () => {
  const { add, order, settle } = openBoard();
  const running = add('A1', vaultA);
  const waiting = add('A2', vaultA);
  const restore = add('restore', vaultA, 'restore');
  const undo = add('undo', vaultA, 'undo');
  await settle();
  expect(order).toEqual(['A1']);
  running.finish();
  await settle();
  const beside = add('B1', vaultB);
  await settle();
  expect(order).toEqual(['A1', 'restore']);
  restore.finish();
  await settle();
  undo.finish();
  await settle();
  expect(order).toEqual(['A1', 'restore', 'undo', 'A2', 'B1']);
  waiting.finish();
  beside.finish();
});

test('what is cancelled while it waits never starts; what runs is told to stop and shown as stopping', async () => {
  const { add, board, order, settle, states } = openBoard();
  const running = add('A1', vaultA);
  const byButton = add('A2', vaultA);
  const byCaller = add('A3', vaultA);
  await settle();
  const [, second] = board.list();
  expect(board.cancel(second?.id ?? ('' as Job['id']))).toBe(true);
  byCaller.caller.abort();
  for (const { result } of [byButton, byCaller]) {
    await expect(result).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  }
  expect(states()).toEqual(['A1 running']);
  const [first] = board.list();
  board.cancel(first?.id ?? ('' as Job['id']));
  expect(states()).toEqual(['A1 stopping']);
  await expect(running.result).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  expect(order).toEqual(['A1']);
  expect(board.list()).toEqual([]);
  expect(board.cancel(first?.id ?? ('' as Job['id']))).toBe(false);
});

test('an interruption stops what runs, keeps what waits, and opens the door again when it is over', async () => {
  const { add, board, order, settle, states } = openBoard();
  const running = add('A1', vaultA);
  const waiting = add('A2', vaultA);
  await settle();
  await board.interrupt();
  expect(running.context()?.signal.reason).toBe(INTERRUPTION);
  await expect(running.result).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  const late = add('B1', vaultB);
  await settle();
  expect(states()).toEqual(['A2 waiting', 'B1 waiting']);
  expect(order).toEqual(['A1']);
  board.release();
  await settle();
  expect(order).toEqual(['A1', 'A2', 'B1']);
  waiting.finish();
  late.finish();
  await expect(waiting.result).resolves.toBe('A2');
});

test('a run that never ends is stopped after its longest time, whatever the wall clock says', async () => {
  const { add, clock, settle } = openBoard();
  const limitMs = longestRunMs('backup');
  const run = add('A1', vaultA);
  const restore = add('restore', vaultB, 'restore');
  await settle();
  clock.setWallTime(clock.nowMs() + 400 * 86_400_000);
  await clock.advance(limitMs - 1000);
  expect(run.context()?.signal.aborted).toBe(false);
  await clock.advance(1000);
  await expect(run.result).rejects.toMatchObject({ failure: { code: 'run-too-long', limitMs } });
  expect(restore.context()?.signal.aborted).toBe(false);
  restore.finish();
});

test('windows hear of progress ten times a second at most, of the last one always, of begin and end at once', async () => {
  const { add, clock, told, settle, ended } = openBoard();
  const run = add('A1', vaultA);
  await settle();
  const before = told.length;
  const progress = (bytesDone: number): Progress => ({
    phase: 'read',
    bytesDone,
    bytesTotal: 1000,
    bytesPerSecond: 1,
    secondsLeft: null,
    subject: null,
  });
  for (let done = 1; done <= 100; done += 1) {
    run.context()?.onProgress(progress(done));
    await clock.advance(10);
  }
  expect(told.length - before).toBeLessThanOrEqual(11);
  expect(told.length - before).toBeGreaterThanOrEqual(9);
  await clock.advance(100);
  expect(told.at(-1)?.[0]?.progress?.bytesDone).toBe(100);
  run.finish();
  await run.result;
  expect(told.at(-1)).toEqual([]);
  expect(ended).toMatchObject([{ planName: 'A1', kind: 'backup' }]);
});

test('a small change takes its turn in the vault and is shown to nobody', async () => {
  const { add, board, order, settle, ended } = openBoard();
  const run = add('A1', vaultA);
  await settle();
  const turn = board.takeTurn(vaultA, async () => void order.push('note'));
  await settle();
  expect(order).toEqual(['A1']);
  expect(board.list()).toHaveLength(1);
  run.finish();
  await turn;
  expect(order).toEqual(['A1', 'note']);
  expect(ended).toHaveLength(1);
});

test('work that throws tells why, and the next one has its turn', async () => {
  const { board, add, settle, order } = openBoard();
  const event: AppEvent['kind'] = 'jobs';
  const failing = board.add(
    { kind: 'backup', plan: null, origin: 'user', vault: vaultA },
    { signal: new AbortController().signal, onProgress: () => undefined },
    async () => Promise.reject(new BackupError({ code: 'place-missing', place: event })),
  );
  const next = add('A1', vaultA);
  await expect(failing).rejects.toMatchObject({ failure: { code: 'place-missing' } });
  await settle();
  expect(order).toEqual(['A1']);
  next.finish();
});
