/** A share that never answers: what waits for it can be cancelled, and ends when the app ends. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../electron/jobs/engine.ts';
import { pruneJob } from '../../electron/jobs/prune-job.ts';
import { createProbe } from '../../electron/jobs/schedule/probe-plan.ts';
import { useVault } from '../../electron/jobs/use-vault.ts';
import { failureOf } from '../../shared/model/backup-error.ts';
import { openTestAgent } from '../support/open-test-agent.ts';
import { createLedger } from '../support/quiet-database.ts';

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => failureOf(error).code);

/** The engine as it is while the server of its share is gone. */
function withDeadShare(engine: Engine): Engine {
  const use = async (): Promise<never> => new Promise(() => undefined);
  return { ...engine, places: { ...engine.places, needsConnecting: () => true, use } };
}

test('a run, a question and a look of the scheduler all let go of it when they are told to stop', async () => {
  const agent = await openTestAgent();
  const [place, crm] = [join(agent.folder, 'usb'), join(agent.folder, 'crm.db')];
  mkdirSync(place);
  createLedger(crm, { rows: 5, seed: 1 });
  const { plan } = await agent.call('protect', {
    name: 'Office',
    sources: [crm],
    place,
    schedule: { kind: 'interval', everyMs: 3_600_000 },
    keep: {},
    secret: { kind: 'passphrase', passphrase: 'lemon-otter-river-amber' },
    remember: true,
  });
  const engine = withDeadShare(agent.engine);
  const stop = new AbortController();
  const context = { signal: stop.signal, onProgress: () => undefined };
  const at = { place, planId: plan.id, expectedVault: null };
  const run = codeOf(pruneJob(engine, at, context));
  const question = codeOf(useVault(engine, at, context, async () => 'read'));
  const look = createProbe(engine)(plan, stop.signal);
  stop.abort(new Error('stop'));
  expect(await Promise.all([run, question])).toEqual(['cancelled', 'cancelled']);
  await look;
});
