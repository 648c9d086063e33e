// Everything that can go wrong, as data: a closed union of codes, each with the facts that its words need.
// Promise: a failure crosses processes and JSON unchanged. Words for people are in `shared/text/failure-words.ts`.
import type { ActionEnd, ActionPhase } from './actions.ts';
import type { SourceLock } from './source-lock.ts';

/** What happened, with the facts of it. Paths are absolute, sizes are bytes. */
export type Failure =
  | { readonly code: 'unexpected'; readonly detail: string }
  | { readonly code: 'usage'; readonly detail: string }
  | { readonly code: 'cancelled' }
  /** It was stopped because runs of its kind never take that long. */
  | { readonly code: 'run-too-long'; readonly limitMs: number }
  /** The process that does the work ended by itself; it is being started again. */
  | { readonly code: 'agent-gone' }
  | { readonly code: 'place-missing'; readonly place: string }
  /** A disk that can be pulled out and is; `label` is the name of its volume. */
  | { readonly code: 'place-not-connected'; readonly place: string; readonly label: string | null }
  | { readonly code: 'place-unreachable'; readonly place: string; readonly detail: string }
  | { readonly code: 'place-read-only'; readonly place: string }
  | { readonly code: 'place-full'; readonly place: string; readonly neededBytes?: number }
  | { readonly code: 'place-in-use'; readonly place: string; readonly detail: string }
  /** Copies inside of the folder that they are copies of would grow without end. */
  | { readonly code: 'place-in-source'; readonly place: string; readonly source: string }
  /** The server does not let this user in with this password; `user` null: nobody in particular. */
  | { readonly code: 'share-refused'; readonly place: string; readonly user: string | null }
  /** Nothing is known that would open the share, and nobody can be asked. */
  | { readonly code: 'share-password-needed'; readonly place: string; readonly user: string }
  /** The server answers and has no share of that name. */
  | { readonly code: 'share-missing'; readonly place: string }
  /** This computer is connected to the server as somebody else, which its system allows once only. */
  | { readonly code: 'share-other-user'; readonly place: string }
  /** `needs`: a program or package of this system, by its name. */
  | { readonly code: 'share-tool-missing'; readonly place: string; readonly needs: string }
  | { readonly code: 'vault-missing'; readonly place: string }
  | { readonly code: 'vault-other'; readonly place: string }
  | { readonly code: 'vault-exists'; readonly place: string }
  | { readonly code: 'vault-newer'; readonly place: string; readonly version: number }
  | { readonly code: 'vault-damaged'; readonly place: string; readonly objects: readonly string[] }
  /** Parts are missing or damaged, and something stands in for each: nothing is lost. */
  | { readonly code: 'vault-wounded'; readonly place: string; readonly objects: readonly string[] }
  | { readonly code: 'vault-busy'; readonly place: string; readonly owner: string }
  | { readonly code: 'vault-fenced'; readonly place: string; readonly owner: string }
  | { readonly code: 'key-needed'; readonly place: string }
  | { readonly code: 'key-wrong'; readonly place: string }
  | { readonly code: 'recovery-key-mistyped'; readonly groups: readonly number[] }
  /** The agent does not know the groups of the new recovery key any more: only all of it can be checked. */
  | { readonly code: 'kit-forgotten' }
  | { readonly code: 'object-missing'; readonly object: string }
  | { readonly code: 'object-exists'; readonly object: string }
  | { readonly code: 'object-damaged'; readonly object: string; readonly detail: string }
  | { readonly code: 'blocked-by-other-program'; readonly path: string }
  | { readonly code: 'source-missing'; readonly path: string }
  | { readonly code: 'source-unreadable'; readonly path: string; readonly detail: string }
  | { readonly code: 'source-busy'; readonly path: string; readonly detail: string }
  | { readonly code: 'source-damaged'; readonly path: string; readonly detail: string }
  /** A scan found changes that the write-ahead log had not told of: what was guided by it since the last scan is in doubt. */
  | { readonly code: 'source-log-untrue'; readonly path: string; readonly pages: number }
  | { readonly code: 'source-unsupported'; readonly path: string; readonly detail: string }
  | { readonly code: 'point-missing'; readonly point: string }
  | { readonly code: 'point-damaged'; readonly point: string; readonly objects: readonly string[] }
  | { readonly code: 'file-missing-in-point'; readonly file: string; readonly point: string }
  | { readonly code: 'table-missing'; readonly table: string }
  | { readonly code: 'rows-missing'; readonly table: string; readonly ids: readonly string[] }
  | { readonly code: 'schema-differs'; readonly table: string; readonly detail: string }
  /** `lock`: a lock file beside it says so, which may name another computer. */
  | {
      readonly code: 'target-in-use';
      readonly path: string;
      readonly by: string | null;
      readonly lock?: SourceLock;
    }
  | { readonly code: 'target-changed'; readonly path: string }
  | { readonly code: 'target-exists'; readonly path: string }
  /** It came back, under the name that the path ends with: the disk has no room for `name` beside the others. */
  | { readonly code: 'target-renamed'; readonly path: string; readonly name: string }
  | { readonly code: 'target-refused'; readonly path: string; readonly detail: string }
  | {
      readonly code: 'target-full';
      readonly path: string;
      readonly neededBytes: number;
      readonly freeBytes: number;
    }
  | { readonly code: 'no-safety-point'; readonly path: string; readonly detail: string }
  | { readonly code: 'restore-differs'; readonly path: string; readonly detail: string }
  | { readonly code: 'undo-missing'; readonly run: string }
  | { readonly code: 'drill-failed'; readonly point: string; readonly detail: string }
  | { readonly code: 'plan-missing'; readonly plan: string }
  | { readonly code: 'plan-invalid'; readonly plan: string; readonly detail: string }
  /** A command around a backup; `lines` are the last ones that it put out. */
  | {
      readonly code: 'action-failed';
      readonly phase: ActionPhase;
      readonly command: string;
      readonly end: ActionEnd;
      readonly lines: string;
    }
  /** The plan's commands came from elsewhere, or were changed there: nobody here has said yet that they may run. */
  | {
      readonly code: 'actions-not-agreed';
      readonly plan: string;
      readonly commands: readonly string[];
    }
  | { readonly code: 'prune-refused'; readonly place: string; readonly detail: string };

export type FailureCode = Failure['code'];

/** One thing that a run could not do although it finished; such a run ends `partial`. */
export interface Problem {
  readonly failure: Failure;
  readonly source?: string;
}
