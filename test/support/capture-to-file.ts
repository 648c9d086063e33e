/** Writes what a capture hands out into a file, through the interface that the backup uses, and nothing else. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  CapturedState,
  CaptureRequest,
  EndOfPass,
} from '../../electron/engine/sources/capture.ts';
import type { SourceHost } from '../../electron/engine/sources/source-host.ts';

export type CapturedFile = Extract<EndOfPass, { readonly kind: 'consistent' }> & {
  readonly state: CapturedState;
  readonly passes: number;
  /** Pages handed out in all passes together. */
  readonly pagesRead: number;
};

export type CaptureOptions = Partial<Omit<CaptureRequest, 'path'>> & {
  /** A reader as slow as a full disk: pause after each slice. */
  readonly pauseMs?: number;
  /** Runs once, after the first slice of the first pass (or at its end). */
  readonly afterFirstSlice?: () => Promise<void> | void;
  /** Runs after each slice of all passes, counted from 1. */
  readonly afterSlice?: (number: number) => Promise<void> | void;
  /** Runs in each pass, between its last slice and its end. */
  readonly beforeEndOfPass?: () => void;
};

/** Captures `path` into `target`, which may hold the parent's image already. */
export async function captureToFile(
  host: SourceHost,
  path: string,
  target: string,
  options: CaptureOptions = {},
): Promise<CapturedFile> {
  const { pauseMs = 0, afterFirstSlice, afterSlice, beforeEndOfPass, ...wishes } = options;
  const request = {
    path,
    parentMarker: null,
    method: 'auto' as const,
    countBudgetMs: 2000,
    sliceBytes: 256 * 1024,
    ...wishes,
  };
  await using capture = await host.openCapture(request);
  const buffers = [0, 1].map(() => new SharedArrayBuffer(request.sliceBytes));
  const fd = openSync(target, 'a+');
  closeSync(fd);
  const file = openSync(target, 'r+');
  let { state } = capture;
  let hook = afterFirstSlice;
  let [pagesRead, slices] = [0, 0];
  const runHook = async (): Promise<void> => {
    const now = hook;
    hook = undefined;
    await now?.();
  };
  try {
    for (let passes = 1; ; passes += 1) {
      for (let turn = 0; ; turn += 1) {
        const buffer = buffers[turn % 2] as SharedArrayBuffer;
        const slice = await capture.nextSlice(buffer);
        if (slice === null) break;
        let at = 0;
        for (const [first, count] of slice.runs) {
          const length = count * state.pageSize;
          writeSync(file, new Uint8Array(buffer), at, length, first * state.pageSize);
          at += length;
        }
        pagesRead += slice.pageCount;
        await runHook();
        await afterSlice?.((slices += 1));
        if (pauseMs > 0) await wait(pauseMs);
      }
      await runHook();
      beforeEndOfPass?.();
      const end = await capture.endPass();
      if (end.kind === 'consistent') {
        ftruncateSync(file, state.size);
        return { ...end, state, passes, pagesRead };
      }
      ({ state } = end);
    }
  } finally {
    closeSync(file);
  }
}
