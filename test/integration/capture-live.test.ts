/**
 * Copies of a database that another process never stops writing: each must open, be whole and hold the total. And the
 * same trial must find broken copies as soon as the read lock or the log's overlay is taken out.
 */
import { describe, expect, test } from 'vitest';
import { runCaptureTrial, type TrialOptions } from '../support/capture-trial.ts';
import { type MissingPart, openTestSourceHost } from '../support/open-test-source-host.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

async function runTrial(options: Partial<TrialOptions>, without: MissingPart | null = null) {
  const host = await openTestSourceHost(without);
  const folder = await makeTemporaryFolder();
  return runCaptureTrial(host, folder, {
    seed,
    captures: isDeep ? 200 : 16,
    profile: 'wal',
    killPercent: 0,
    cutTailPercent: 0,
    ...options,
  });
}

describe('a customer’s money is in the copy exactly once', () => {
  test('while transfers are committed in WAL mode', async () => {
    const result = await runTrial({ profile: 'wal' });
    expect(result.damaged).toEqual([]);
    expect(result.failed).toEqual([]);
    expect(result.captures).toBe(isDeep ? 200 : 16);
    expect([...result.labels]).toEqual(['transactional']);
  });

  test('while transfers are committed with a rollback journal', async () => {
    const result = await runTrial({ profile: 'rollback' });
    expect(result.damaged).toEqual([]);
    expect(result.failed).toEqual([]);
    expect(result.captures).toBe(isDeep ? 200 : 16);
    expect([...result.labels]).toEqual(['transactional']);
  });

  test('while large transactions spill into the file and are taken back', async () => {
    const result = await runTrial({ profile: 'spilling', captures: isDeep ? 100 : 10 });
    expect(result.damaged).toEqual([]);
    expect(result.failed).toEqual([]);
  });

  test('while the program switches between the journal modes', async () => {
    const result = await runTrial({ profile: 'switching', captures: isDeep ? 100 : 12 });
    expect(result.damaged).toEqual([]);
    expect(result.failed).toEqual([]);
  });

  test('when each copy builds on the one before', async () => {
    const options = { killPercent: 10, cutTailPercent: 50, captures: isDeep ? 200 : 30 };
    const result = await runTrial({ profile: 'appending', isIncremental: true, ...options });
    expect(result.damaged).toEqual([]);
    expect(result.failed).toEqual([]);
    expect([...result.methods]).toContain('guided');
  });

  test('when the program is killed and the tail of its log is lost', async () => {
    const options = { killPercent: 60, cutTailPercent: 50, captures: isDeep ? 60 : 8 };
    const result = await runTrial({ profile: 'wal', ...options });
    expect(result.damaged).toEqual([]);
    expect(result.failed).toEqual([]);
  });

  test('when the program is killed in the middle of its rollback journal', async () => {
    const options = { killPercent: 60, captures: isDeep ? 40 : 6 };
    const result = await runTrial({ profile: 'spilling', ...options });
    expect(result.damaged).toEqual([]);
    expect(result.failed).toEqual([]);
    expect([...result.labels]).toContain('recovered-after-crash');
  });
});

describe('the trial itself notices', () => {
  // The first few do as a rule; on a machine that gives the writer no time it takes more.
  const options = { captures: 1000, untilDamaged: true };

  test('a WAL capture without its read transaction', async () => {
    const result = await runTrial({ profile: 'wal', ...options }, 'read-lock');
    expect(result.damaged.length).toBeGreaterThan(0);
  });

  test('a WAL capture without the overlay of the log', async () => {
    const result = await runTrial({ profile: 'wal', ...options }, 'overlay');
    expect(result.damaged.length).toBeGreaterThan(0);
  });

  test('a rollback capture without SHARED around its reads', async () => {
    const result = await runTrial({ profile: 'spilling', ...options }, 'read-lock');
    expect(result.damaged.length).toBeGreaterThan(0);
  });
});
