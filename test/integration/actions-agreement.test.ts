/** Commands that a vault brought along are agreed to by a person who has seen them, and by no way round. */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { expect, test } from 'vitest';
import { runCli } from '../../electron/cli/run-cli.ts';
import { areActionsAgreed } from '../../electron/jobs/actions/agreements.ts';
import { EXIT_CANCELLED, EXIT_OK } from '../../shared/model/exit-code.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { sourceWorkerUrl } from '../support/source-worker-url.ts';
import { openActionsOffice } from '../support/actions-office.ts';
import { realClock } from '../support/test-clock.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

const computeWorkerUrl = new URL(
  '../../electron/engine/pipeline/compute-worker.ts',
  import.meta.url,
);

type Stream = PassThrough & ReadStream & WriteStream;

/** A stream, of a terminal if somebody sits there. */
const stream = (isTTY: boolean): Stream => Object.assign(new PassThrough(), { isTTY }) as Stream;

/** A computer that has taken up a plan with a command from a vault. */
async function openElsewhere() {
  const office = await openActionsOffice();
  const ran = join(office.folder, 'ran');
  const made = await office.plan({ before: { command: ['/bin/sh', '-c', `echo > '${ran}'`] } });
  const dataFolder = join(office.folder, 'elsewhere');
  const holdfast = async (args: readonly string[], typed: string | null = null) => {
    const [stdin, stdout, stderr] = [stream(typed !== null), stream(false), stream(typed !== null)];
    const exitCode = runCli({
      argv: args,
      cwd: office.folder,
      stdin,
      stdout,
      stderr,
      version: '0.0.0',
      env: { LANG: 'C', HOLDFAST_DATA_DIR: dataFolder, HOLDFAST_PASSPHRASE: TEST_PASSPHRASE },
      clock: realClock,
      random: randomBytes,
      workers: { source: sourceWorkerUrl, compute: computeWorkerUrl },
      signal: new AbortController().signal,
    });
    stdin.end(typed ?? '');
    return {
      exitCode: await exitCode,
      answer: String(stdout.read() ?? ''),
      said: String(stderr.read() ?? ''),
    };
  };
  await holdfast(['connect', office.place]);
  const isAgreed = async (plan: Plan): Promise<boolean> => areActionsAgreed({ dataFolder }, plan);
  const giveBack = async (edited: (plan: Plan) => object): Promise<[Plan, string]> => {
    const { answer } = await holdfast(['plan', 'show', 'Office']);
    const file = join(office.folder, 'office.json');
    writeFileSync(file, JSON.stringify(edited(JSON.parse(answer) as Plan)));
    const { answer: given } = await holdfast(['plan', 'create', file, '--json']);
    return [(JSON.parse(given) as { plan: Plan }).plan, given];
  };
  return { plan: made, ran, holdfast, isAgreed, giveBack };
}

test('a plan that is shown, edited elsewhere and given back is not thereby agreed to', async () => {
  const { holdfast, isAgreed, giveBack, ran } = await openElsewhere();
  const [renamed, said] = await giveBack((plan) => ({ ...plan, keep: { last: 5 } }));
  expect(renamed.keep).toMatchObject({ last: 5 });
  expect(await isAgreed(renamed)).toBe(false);
  expect(said).toContain('"actions-wait"');
  // Nor by one that was written beside it.
  const after = { command: ['/bin/true'], timeLimitMs: 60_000 };
  const [more] = await giveBack((plan) => ({ ...plan, actions: { ...plan.actions, after } }));
  expect(await isAgreed(more)).toBe(false);
  expect((await holdfast(['run', 'Office'])).exitCode).not.toBe(EXIT_OK);
  expect(existsSync(ran)).toBe(false);
  // Whoever wrote all of them has read them.
  const [own, quiet] = await giveBack((plan) => ({
    ...plan,
    actions: { after: { command: ['/bin/false'] } },
  }));
  expect(await isAgreed(own)).toBe(true);
  expect(quiet).not.toContain('"actions-wait"');
});

test('who agrees on a terminal sees the commands first and has to say so; a script does not', async () => {
  const { holdfast, isAgreed, plan, ran } = await openElsewhere();
  for (const typed of ['no\n', '\n', '']) {
    const refused = await holdfast(['plan', 'agree', 'Office'], typed);
    expect(refused.exitCode).toBe(EXIT_CANCELLED);
    expect(refused.said.indexOf(ran)).toBeGreaterThan(-1);
    expect(refused.said.indexOf('Type yes')).toBeGreaterThan(refused.said.indexOf(ran));
    expect(await isAgreed(plan)).toBe(false);
  }
  expect((await holdfast(['plan', 'agree', 'Office'], 'yes\n')).exitCode).toBe(EXIT_OK);
  expect(await isAgreed(plan)).toBe(true);

  const script = await openElsewhere();
  expect((await script.holdfast(['plan', 'agree', 'Office'])).exitCode).toBe(EXIT_OK);
  expect(await script.isAgreed(script.plan)).toBe(true);
});
