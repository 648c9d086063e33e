// What needs the user, kept in a list until it is dismissed or no longer true. Words are in shared/text/app-notice-words.ts.
import type { Failure } from './failure.ts';
import type { PlanId, RunId } from './ids.ts';
import type { Notice } from './notice.ts';

export type AppNoticeFact =
  /** A scheduled or asked-for run did not succeed. */
  | {
      readonly kind: 'run-failed';
      readonly run: RunId;
      readonly plan: string;
      readonly failure: Failure;
    }
  | {
      readonly kind: 'run-partial';
      readonly run: RunId;
      readonly plan: string;
      readonly problems: number;
    }
  /** A due slot has no backup yet. */
  | { readonly kind: 'overdue'; readonly plan: string; readonly slotMs: number }
  /** No disk of a set that takes turns was seen for long; null: never. */
  | {
      readonly kind: 'set-unseen';
      readonly plan: string;
      readonly set: string;
      readonly seenAtMs: number | null;
    }
  | { readonly kind: 'restore-test-failed'; readonly plan: string; readonly failure: Failure }
  | { readonly kind: 'key-needed'; readonly plan: string }
  /** Rows fell or a table vanished between two restore points. */
  | {
      readonly kind: 'loss-seen';
      readonly plan: string;
      readonly table: string;
      readonly rows: number;
      readonly atMs: number;
    }
  /** The agent ended by itself more often than it may. */
  | { readonly kind: 'agent-keeps-ending'; readonly times: number }
  /** The start at sign-in was switched off outside of Holdfast. */
  | { readonly kind: 'sign-in-start-off' }
  | { readonly kind: 'all-fine'; readonly plans: number; readonly backups: number }
  /** What a run said along the way. */
  | { readonly kind: 'said'; readonly notice: Notice };

/** The screen that a notice opens. */
export type NoticeTarget = 'home' | 'history' | 'settings' | 'bring-back';

export interface AppNotice {
  /** 32 hex digits. */
  readonly id: string;
  readonly atMs: number;
  readonly planId: PlanId | null;
  readonly fact: AppNoticeFact;
  readonly opens: NoticeTarget;
}
