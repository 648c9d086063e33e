// Runs of processes that died must not count as under way for ever; those of living ones must not be called interrupted.
import { expect, test } from 'vitest';
import { closeDeadRuns, encodeProcess } from '../../../electron/jobs/open-job-history.ts';
import { readProcessIdentity } from '../../../electron/engine/vault/process-identity.ts';
import { openHistory } from '../../../electron/history/open-history.ts';
import { listRuns, recordRunStart } from '../../../electron/history/runs.ts';
import type { RunId } from '../../../shared/model/ids.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const own = readProcessIdentity();
const elsewhere = { ...own, machine: 'f'.repeat(32) };

test.each([
  ['this very process', own, 'running'],
  ['this computer before it was started anew', { ...own, boot: 'an earlier boot' }, 'interrupted'],
  ['a computer that cannot be asked', { ...elsewhere, boot: 'another boot' }, 'running'],
])('a run of %s', async (_whose, process, state) => {
  const history = openHistory(await makeTemporaryFolder(), 0);
  recordRunStart(history, {
    id: 'a'.repeat(32) as RunId,
    kind: 'backup',
    planId: null,
    vaultId: null,
    place: null,
    startedAtMs: 0,
    process: encodeProcess(process),
  });
  closeDeadRuns(history, own, 1);
  expect(listRuns(history, {}).map((run) => run.state)).toEqual([state]);
  history.close();
});
