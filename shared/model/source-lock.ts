// The lock file of another maker's program, and whom it names. It tells what that program wrote, not what is so:
// after a crash it may lie there although nobody has the data open.

export interface LockUser {
  readonly computer: string;
  /** As the program calls the user, e.g. "Admin"; empty: it did not say. */
  readonly user: string;
}

export interface SourceLock {
  /** Name of the lock file, which lies beside the data. */
  readonly file: string;
  /** Empty: it names nobody that could be read. */
  readonly users: readonly LockUser[];
}
