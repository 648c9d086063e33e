// What goes wrong in a test, and when. Counts the calls of a storage and tells which planned fault a call meets.
// Promise: a planned fault that was never met is an error of the test (`assertAllHit`), not a silent pass.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Failure } from '../../../shared/model/failure.ts';

/** Calls of a storage and of its writers. */
export type Operation = Reading | Mutation;
export type Reading =
  | 'list'
  | 'read'
  | 'readWhole'
  | 'size'
  | 'listTemporary'
  | 'freeBytes'
  | 'clockMs';
export type Mutation =
  | 'put'
  | 'putExclusive'
  | 'startWriter'
  | 'write'
  | 'publish'
  | 'abandon'
  | 'remove'
  | 'removeTemporary';

/** All counts begin at 1. */
export type Fault =
  /**
   * The process ends at the n-th mutation: `before` it began, `after` it was done but before its caller knew, or with
   * half of its bytes written, `torn` under a temporary name or `torn-final` under the final one (a place that lies
   * about durability, or has no hard links).
   */
  | {
      readonly kind: 'stop';
      readonly at: 'before' | 'torn' | 'torn-final' | 'after';
      readonly mutation: number;
    }
  /** Calls n .. n + calls - 1 of one operation fail; with `isDone` they do their work all the same. */
  | {
      readonly kind: 'error';
      readonly operation: Operation;
      readonly call: number;
      readonly calls?: number;
      readonly failure: Failure;
      readonly isDone?: boolean;
    }
  /** No more than this many bytes are taken in all. */
  | { readonly kind: 'full'; readonly afterBytes: number }
  /** The place is away for the calls n .. n + calls - 1 of any operation, then back. */
  | {
      readonly kind: 'away';
      readonly call: number;
      readonly calls: number;
      readonly code: 'place-missing' | 'place-unreachable';
    }
  /** Every read that covers this byte of the object sees the bit turned; a negative byte counts from the end. */
  | {
      readonly kind: 'flip';
      readonly object: string;
      readonly byte: number;
      readonly bit: number;
    };

export type StopFault = Extract<Fault, { kind: 'stop' }>;

/** What every call throws once the process has "ended". */
export class StorageStopped extends Error {
  constructor() {
    super('the process ended here');
    this.name = 'StorageStopped';
  }
}

export interface FaultCounts {
  readonly mutations: number;
  readonly calls: number;
  readonly bytes: number;
}

/** What a call is to do instead of, or besides, its work. */
export interface Meeting {
  readonly stop: StopFault | null;
  readonly error: { readonly error: BackupError; readonly isDone: boolean } | null;
}

export interface FaultPlan {
  counts(): FaultCounts;
  /** Counts a call; throws when the process has ended before. */
  meet(operation: Operation, isMutation: boolean): Meeting;
  /** Counts bytes that are to be written; throws place-full. */
  takeBytes(length: number): void;
  /** Turns planned bits in bytes read at `offset` of an object of `size` bytes. */
  flipBits(object: string, bytes: Buffer, offset: number, size: number): void;
  endProcess(): never;
  isStopped(): boolean;
  /** Throws unless every planned fault was met. */
  assertAllHit(): void;
}

/** A plan for one storage; `place` is named in its failures. */
export function createFaultPlan(
  faults: readonly Fault[],
  place: string,
  onStop: () => void = () => undefined,
): FaultPlan {
  const hit = new Set<Fault>();
  const callsOf = new Map<Operation, number>();
  let [mutations, calls, bytes] = [0, 0, 0];
  let isStopped = false;

  const of = <K extends Fault['kind']>(kind: K): Extract<Fault, { kind: K }>[] =>
    faults.filter((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);
  const hitOne = <F extends Fault>(met: F | undefined): F | null => {
    if (met !== undefined) hit.add(met);
    return met ?? null;
  };
  const errorOf = (operation: Operation): Meeting['error'] => {
    const away = hitOne(of('away').find((fault) => isWithin(calls, fault.call, fault.calls)));
    if (away !== null) {
      const failure =
        away.code === 'place-missing'
          ? { code: away.code, place }
          : { code: away.code, place, detail: 'planned' };
      return { error: new BackupError(failure), isDone: false };
    }
    const call = callsOf.get(operation) ?? 0;
    const planned = hitOne(
      of('error').find(
        (fault) => fault.operation === operation && isWithin(call, fault.call, fault.calls ?? 1),
      ),
    );
    if (planned === null) return null;
    return { error: new BackupError(planned.failure), isDone: planned.isDone === true };
  };

  return {
    counts: () => ({ mutations, calls, bytes }),
    meet(operation, isMutation) {
      if (isStopped) throw new StorageStopped();
      calls += 1;
      callsOf.set(operation, (callsOf.get(operation) ?? 0) + 1);
      if (isMutation) mutations += 1;
      const stop = isMutation
        ? hitOne(of('stop').find((fault) => fault.mutation === mutations))
        : null;
      return { stop, error: errorOf(operation) };
    },
    takeBytes(length) {
      const full = of('full').find((fault) => bytes + length > fault.afterBytes);
      if (hitOne(full) !== null) throw new BackupError({ code: 'place-full', place });
      bytes += length;
    },
    flipBits(object, read, offset, size) {
      for (const fault of of('flip').filter((planned) => planned.object === object)) {
        const at = (fault.byte < 0 ? size + fault.byte : fault.byte) - offset;
        const old = read[at];
        if (at < 0 || old === undefined) continue;
        read[at] = old ^ (1 << fault.bit);
        hit.add(fault);
      }
    },
    endProcess() {
      isStopped = true;
      onStop();
      throw new StorageStopped();
    },
    isStopped: () => isStopped,
    assertAllHit() {
      const missed = faults.filter((fault) => !hit.has(fault));
      if (missed.length > 0) throw new Error(`planned but never met: ${JSON.stringify(missed)}`);
    },
  };
}

function isWithin(call: number, first: number, length: number): boolean {
  return call >= first && call < first + length;
}
