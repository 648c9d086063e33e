// What the engine takes from outside instead of reading it itself, so that tests can turn it.

export interface Clock {
  /** Wall time, milliseconds since 1970 UTC; may jump. */
  nowMs(): number;
  /** Never runs backwards; only differences mean something. */
  monotonicMs(): number;
  /** IANA zone of this computer. */
  zone(): string;
  /** Offset of the zone at a time, minutes east of UTC. */
  offsetMinutes(atMs: number): number;
  /** Resolves after `ms`, or rejects when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Cryptographically strong random bytes. */
export type RandomBytes = (length: number) => Uint8Array;
