// One step of the history's schema. Steps are never changed once released; each has a file and a test of its own.

export interface Migration {
  /** 1, 2, 3, ...: the `user_version` after it. */
  readonly version: number;
  readonly sql: string;
}
