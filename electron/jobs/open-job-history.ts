// The history as jobs use it: opened with its notices said, runs of dead processes closed.
import { z } from 'zod';
import type { Clock } from '../../shared/model/clock.ts';
import type { Notice } from '../../shared/model/notice.ts';
import { isProcessDead, type ProcessIdentity } from '../engine/vault/process-identity.ts';
import { openHistory, type History } from '../history/open-history.ts';
import { closeInterruptedRuns } from '../history/runs.ts';

const identitySchema = z.object({
  host: z.string(),
  machine: z.string(),
  boot: z.string(),
  pidNamespace: z.string(),
  pid: z.number(),
  startTime: z.string(),
  user: z.string(),
});

export interface JobHistoryOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly owner: ProcessIdentity;
  readonly notify: (notice: Notice) => void;
}

/** Opens the history; never fails for a bad file. */
export function openJobHistory({ dataFolder, clock, owner, notify }: JobHistoryOptions): History {
  const history = openHistory(dataFolder, clock.nowMs());
  const { notice } = history;
  if (notice?.kind === 'set-aside') {
    notify({ kind: 'history-set-aside', file: notice.file, detail: notice.detail });
  }
  if (notice?.kind === 'in-memory') notify({ kind: 'history-not-kept', detail: notice.detail });
  closeDeadRuns(history, owner, clock.nowMs());
  return history;
}

/** Runs of processes that have died since: they must not count as under way for ever. */
export function closeDeadRuns(history: History, owner: ProcessIdentity, nowMs: number): void {
  closeInterruptedRuns(history, (process) => isAlive(process, owner), nowMs);
}

/** How a process is named in the history. */
export function encodeProcess(identity: ProcessIdentity): string {
  return JSON.stringify(identity);
}

/** What cannot be told counts as alive: a run is called interrupted only when it is. */
function isAlive(text: string, own: ProcessIdentity): boolean {
  try {
    const identity = identitySchema.parse(JSON.parse(text));
    return !isOfAnotherBoot(identity, own) && isProcessDead(identity, own) !== true;
  } catch {
    return false; // no process of ours wrote this
  }
}

/** A lease must not believe this, for machines are cloned; a history lies on the computer whose runs it holds. */
function isOfAnotherBoot(one: ProcessIdentity, own: ProcessIdentity): boolean {
  const isSameMachine = one.machine !== '' && one.machine === own.machine && one.host === own.host;
  return isSameMachine && one.boot !== '' && own.boot !== '' && one.boot !== own.boot;
}
