// Things worth saying along the way that neither stop a run nor make it partial. Words are in shared/text/notice-words.ts.
import type { Failure } from './failure.ts';

export type Notice =
  /** A part of the vault could not be read; a second copy stood in, or the caller says what that means. */
  | { readonly kind: 'damage'; readonly object: string; readonly failure: Failure }
  /** The history was unusable and a new one was begun. */
  | { readonly kind: 'history-set-aside'; readonly file: string; readonly detail: string }
  /** The history could not be opened, or not be written; nothing else depends on it. */
  | { readonly kind: 'history-not-kept'; readonly detail: string }
  /** The emergency reader in the vault differed from the app's own and was put right. */
  | { readonly kind: 'kit-replaced'; readonly files: readonly string[] }
  /** The place lies on the same disk as what it protects. */
  | { readonly kind: 'own-disk'; readonly source: string; readonly place: string }
  /** The newest restore point was passed over because its copy is known to be damaged. */
  | { readonly kind: 'point-passed-over'; readonly point: string }
  /** Restore points that the catalogue names are gone. */
  | { readonly kind: 'points-vanished'; readonly points: readonly string[] }
  /** A restore that a crash had interrupted was finished. */
  | { readonly kind: 'restore-finished'; readonly target: string }
  /** It waits until the program that has the file open is closed. */
  | { readonly kind: 'restore-waiting'; readonly target: string }
  /** What a check found could not be written into the vault; the next backup does not know of it. */
  | { readonly kind: 'damage-not-noted'; readonly failure: Failure }
  /** A plan's file could not be used; the version before it was. */
  | { readonly kind: 'plan-previous-used'; readonly plan: string; readonly detail: string }
  | { readonly kind: 'plan-unreadable'; readonly plan: string; readonly detail: string }
  /** The schedule could not be looked at for a moment, or not for one plan; it is looked at again. */
  | { readonly kind: 'schedule-trouble'; readonly detail: string }
  /** The vault does not have the newest version of a plan yet. */
  | { readonly kind: 'plan-copy-late'; readonly plan: string; readonly failure: Failure }
  /** The backup of a plan went well, dropping old restore points afterwards did not. */
  | { readonly kind: 'tidy-up-failed'; readonly plan: string; readonly failure: Failure }
  /** Holdfast had died around a backup: the command after it was run only now; `failure` null: it succeeded. */
  | { readonly kind: 'action-late'; readonly plan: string; readonly failure: Failure | null }
  /** A plan came with commands that nobody on this computer has agreed to. */
  | { readonly kind: 'actions-wait'; readonly plan: string; readonly commands: readonly string[] }
  /** A change of keys reached other places of the plan, not this one: there the old secret still opens the copy. */
  | {
      readonly kind: 'key-left-behind';
      readonly plan: string;
      readonly place: string;
      readonly secret: 'passphrase' | 'recovery-key';
      readonly failure: Failure;
    }
  /** The passphrase could not be stored in the system's keychain. */
  | { readonly kind: 'secret-not-stored' }
  /** Setting up a plan failed half-way, and what had been made could not be removed. Holds no restore points. */
  | { readonly kind: 'left-behind'; readonly path: string; readonly detail: string };
