/** What a user would lose when a folder was being put back and the computer went out: nothing, nor would rubbish be kept. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchPath } from '../../../electron/engine/restore/scratch-file.ts';
import { recordUndo } from '../../../electron/history/undo-records.ts';
import { recordRunEnd, recordRunStart } from '../../../electron/history/runs.ts';
import { finishAllInterruptedRestores } from '../../../electron/jobs/finish-interrupted-restores.ts';
import type { PointId, RunId } from '../../../shared/model/ids.ts';
import { openTestOffice } from '../../support/open-test-office.ts';

test('the next start takes half files out of a folder that was being put back, and can still undo that', async () => {
  const { agent, plan, backUp } = await openTestOffice(20, (below) => {
    mkdirSync(join(below, 'attachments', 'a', 'b'), { recursive: true });
    writeFileSync(join(below, 'attachments', 'a', 'b', 'offer.txt'), 'old');
    return [join(below, 'attachments')];
  });
  const restored = await backUp();
  const folder = join(agent.folder, 'attachments');
  const offer = join(folder, 'a', 'b', 'offer.txt');
  writeFileSync(offer, 'today');
  const kept = await backUp();
  const { engine, clock } = agent;
  const history = engine.history();
  const run = '7'.repeat(32) as RunId;
  const [{ vaultId, path: place } = { vaultId: null, path: '' }] = plan.places;
  if (vaultId === null) throw new Error('the plan has no vault yet');
  const at = clock.nowMs();
  // What a restore has on record when it is killed after its first file.
  writeFileSync(offer, 'old');
  recordRunStart(history, {
    id: run,
    kind: 'restore',
    planId: plan.id,
    vaultId,
    place,
    startedAtMs: at,
    process: 'gone',
  });
  recordRunEnd(history, run, {
    endedAtMs: at,
    state: 'interrupted',
    point: restored as PointId,
    bytesRead: 0,
    bytesStored: 0,
    problems: [],
    failure: null,
    evidence: [],
  });
  recordUndo(history, {
    run,
    restoredAtMs: at,
    target: folder,
    safety: { kind: 'point', vaultId, place, point: kept as PointId },
    targetMark: null,
    keptUntilMs: at + 1e9,
    undoneAtMs: null,
  });
  const dead = { ...engine.owner, pid: 2 ** 22 + 1 };
  const half = scratchPath(join(folder, 'a', 'b'), dead, () => Buffer.alloc(8, 5));
  writeFileSync(half, 'half a file');

  await finishAllInterruptedRestores(engine);

  expect(existsSync(half)).toBe(false);
  expect(readFileSync(offer, 'utf8')).toBe('old');
  await agent.call('undo', { run, evenIfChanged: false });
  expect(readFileSync(offer, 'utf8')).toBe('today');
});
