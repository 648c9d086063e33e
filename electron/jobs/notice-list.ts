// What needs the user, kept in a file of the data folder until it is dismissed; losing the file loses no fact, only a reminder.
import type { AppNotice, AppNoticeFact, NoticeTarget } from '../../shared/model/app-notice.ts';
import type { PlanId } from '../../shared/model/ids.ts';

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
  /** Takes out what is no longer true. */
  drop(isOver: (notice: AppNotice) => boolean): void;
}

/** An empty list, in memory. */
export function createNoticeList(newNoticeId: () => string, nowMs: () => number): NoticeList {
  let notices: readonly AppNotice[] = [];
  return {
    list: () => notices,
    add(notice) {
      const made = { ...notice, id: newNoticeId(), atMs: nowMs() };
      notices = [made, ...notices];
      return made;
    },
    dismiss: (id) => void (notices = id === null ? [] : notices.filter((each) => each.id !== id)),
    drop: (isOver) => void (notices = notices.filter((each) => !isOver(each))),
  };
}
