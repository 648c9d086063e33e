/** A clock that is a month ahead for a while takes no undo: neither the copies on this computer nor the points in the vault. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordUndo } from '../../electron/history/undo-records.ts';
import {
  openUndoFolder,
  pointsNeededForUndo,
  UNDO_KEPT_MS,
} from '../../electron/jobs/undo-store.ts';
import type { PointId, RunId, VaultId } from '../../shared/model/ids.ts';
import type { UndoRecord } from '../../shared/model/run.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { openTestAgent } from '../support/open-test-agent.ts';

const DAY_MS = 24 * 3600_000;
const vaultId = 'a'.repeat(32) as VaultId;
const point = 'b'.repeat(32) as PointId;

/** A restore made now whose state before lies in a file here, one whose state lies in a vault, and a file nobody names. */
async function haveRestored() {
  const clock = createHandClock();
  const { engine } = await openTestAgent({ clock });
  const nowMs = clock.nowMs();
  const folder = join(engine.dataFolder, 'undo');
  await mkdir(folder, { recursive: true });
  for (const name of ['copy', 'stray']) {
    await writeFile(join(folder, name), name);
    await utimes(join(folder, name), nowMs / 1000, nowMs / 1000);
  }
  const record = (run: string, safety: UndoRecord['safety']): boolean =>
    recordUndo(engine.history(), {
      run: run.repeat(32) as RunId,
      restoredAtMs: nowMs,
      target: '/crm/crm.db',
      safety,
      targetMark: null,
      keptUntilMs: nowMs + UNDO_KEPT_MS,
      undoneAtMs: null,
    });
  record('1', { kind: 'folder', path: join(folder, 'copy') });
  record('2', { kind: 'point', vaultId, place: '/usb', point });
  /** Looks, as every restore and every tidying up does, and says what is left. */
  const look = async (atMs: number): Promise<readonly string[]> => {
    clock.setWallTime(atMs);
    const points = await pointsNeededForUndo(engine, vaultId);
    return [...(await readdir(await openUndoFolder(engine))).toSorted(), ...points];
  };
  return { nowMs, look };
}

const everything = ['copy', 'stray', point];

test('a clock that is ahead and put right again takes nothing', async () => {
  const { nowMs, look } = await haveRestored();
  expect(await look(nowMs)).toEqual(everything);
  const aheadMs = nowMs + 2 * UNDO_KEPT_MS;
  for (let day = 1; day < 20; day++) expect(await look(aheadMs + day * DAY_MS)).toEqual(everything);
  expect(await look(nowMs + 20 * DAY_MS)).toEqual(everything);
  // Turned ahead once more: what was seen then does not count.
  expect(await look(aheadMs + UNDO_KEPT_MS + DAY_MS)).toEqual(everything);
});

test('a clock that stays ahead takes nothing before its time, and what is over goes in the end', async () => {
  const { nowMs, look } = await haveRestored();
  const aheadMs = nowMs + 400 * DAY_MS;
  expect(await look(aheadMs)).toEqual(everything);
  expect(await look(aheadMs + UNDO_KEPT_MS - 1)).toEqual(everything);
  expect(await look(aheadMs + UNDO_KEPT_MS)).toEqual([]);
});

test('a clock that was far ahead when it was looked first does not keep things for ever', async () => {
  const { nowMs, look } = await haveRestored();
  expect(await look(nowMs + 9_000 * DAY_MS)).toEqual(everything);
  const overMs = nowMs + UNDO_KEPT_MS + 2 * DAY_MS;
  expect(await look(overMs)).toEqual(everything);
  expect(await look(overMs + UNDO_KEPT_MS)).toEqual([]);
});
