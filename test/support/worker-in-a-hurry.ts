/** The product's source worker on a clock that runs ahead while it waits: ten seconds of patience take half a second. */
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { sqliteParts } from '../../electron/engine/sources/capture-parts.ts';
import { makeHandlers } from '../../electron/engine/sources/operation-handlers.ts';
import { serveOperations } from '../../electron/engine/sources/serve-operations.ts';

const FASTER = 20;

if (parentPort === null) throw new Error('this is a worker’s entry');
let skippedMs = 0;
serveOperations(
  parentPort,
  makeHandlers({
    parts: sqliteParts,
    // Only waiting is short: work has the time that it has.
    monotonicMs: () => performance.now() + skippedMs,
    async sleep(ms) {
      const startedAt = performance.now();
      await pause(ms / FASTER);
      // Even the shortest wait takes a timer's millisecond.
      const waitedMs = Math.max(ms, FASTER) - (performance.now() - startedAt);
      skippedMs += Math.max(0, waitedMs);
    },
  }),
);
