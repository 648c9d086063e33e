// What needs the user, kept in a file of the data folder until it is dismissed or over. The same is not said twice: not
// while it stands, and not within a day of being dismissed. Losing the file loses no fact, only a reminder.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AppNotice, AppNoticeFact, NoticeTarget } from '../../shared/model/app-notice.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import { writeDurably } from '../plans/durable-file.ts';
import { parseNotices, type KeptNotice } from './notice-schema.ts';

export interface NewNotice {
  readonly planId: PlanId | null;
  readonly fact: AppNoticeFact;
  readonly opens: NoticeTarget;
}

export interface NoticeList {
  /** Newest first. */
  list(): readonly AppNotice[];
  /** Adds it unless the same is said already; null then. */
  add(notice: NewNotice): AppNotice | null;
  /** Null: all of them. */
  dismiss(id: string | null): void;
  /** Takes out what is no longer true; false when nothing was. */
  drop(isOver: (notice: AppNotice) => boolean): boolean;
  /** Resolves when the file holds all that was said. */
  flush(): Promise<void>;
}

/** Who dismisses it has seen it; a day later it is news again. */
const SAY_AGAIN_AFTER_MS = 24 * 3_600_000;
/** More than anybody reads; a fault that says something new each minute fills no disk. */
const MOST_NOTICES = 200;

/** The list of earlier starts, kept in `file`. */
export async function openNoticeList(
  newNoticeId: () => string,
  nowMs: () => number,
  file: string,
): Promise<NoticeList> {
  const kept = parseNotices(await readFile(file, 'utf8').catch(() => '[]'));
  let last: Promise<void> = Promise.resolve();
  const write = async (notices: readonly KeptNotice[]): Promise<void> => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeDurably(file, `${JSON.stringify(notices, null, 2)}\n`);
  };
  const keep = (notices: readonly KeptNotice[]): void => {
    // A list that cannot be written is still shown.
    last = last.then(async () => write(notices)).catch(() => undefined);
  };
  return noticeList(newNoticeId, nowMs, kept, keep, async () => last);
}

function noticeList(
  newNoticeId: () => string,
  nowMs: () => number,
  kept: readonly KeptNotice[],
  keep: (notices: readonly KeptNotice[]) => void,
  flush: () => Promise<void>,
): NoticeList {
  let notices = kept;
  const change = (next: readonly KeptNotice[]): void => {
    notices = next.slice(0, MOST_NOTICES);
    keep(notices);
  };
  return {
    list: () => notices.filter(({ dismissedAtMs }) => dismissedAtMs === null).map(withoutMark),
    add(notice) {
      const cause = causeOf(notice);
      const same = notices.find((each) => causeOf(each) === cause);
      if (same !== undefined && !isNewsAgain(same, nowMs())) return null;
      const made = { ...notice, id: newNoticeId(), atMs: nowMs() };
      change([{ ...made, dismissedAtMs: null }, ...notices.filter((each) => each !== same)]);
      return made;
    },
    dismiss(id) {
      const isMeant = (each: KeptNotice): boolean => id === null || each.id === id;
      change(
        notices.map((each) =>
          isMeant(each) && each.dismissedAtMs === null ? { ...each, dismissedAtMs: nowMs() } : each,
        ),
      );
    },
    drop(isOver) {
      const left = notices.filter((each) => !isOver(withoutMark(each)));
      if (left.length === notices.length) return false;
      change(left);
      return true;
    },
    flush,
  };
}

/** A dismissal in the future comes from a wrong clock and holds nothing back. */
function isNewsAgain({ dismissedAtMs }: KeptNotice, nowMs: number): boolean {
  if (dismissedAtMs === null) return false;
  return nowMs - dismissedAtMs >= SAY_AGAIN_AFTER_MS || dismissedAtMs > nowMs + SAY_AGAIN_AFTER_MS;
}

function withoutMark({ id, atMs, planId, fact, opens }: KeptNotice): AppNotice {
  return { id, atMs, planId, fact, opens };
}

/** What makes two notices the same: a run that fails again for the same reason is no news. */
function causeOf({ planId, fact }: NewNotice): string {
  const what = ((): unknown => {
    switch (fact.kind) {
      case 'run-failed':
      case 'restore-test-failed':
        return fact.failure.code;
      case 'loss-seen':
        return [fact.table, fact.atMs];
      case 'set-unseen':
        return fact.set;
      case 'said':
        return fact.notice;
      case 'run-partial':
      case 'overdue':
      case 'key-needed':
      case 'agent-keeps-ending':
      case 'sign-in-start-off':
      case 'all-fine':
        return null;
    }
  })();
  return JSON.stringify([planId, fact.kind, what]);
}
