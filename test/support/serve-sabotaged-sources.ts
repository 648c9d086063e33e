/** The source worker with one part of a consistent capture replaced: tests must see the copies break. */
import { parentPort } from 'node:worker_threads';
import { type CaptureParts, sqliteParts } from '../../electron/engine/sources/capture-parts.ts';
import { makeHandlers } from '../../electron/engine/sources/operation-handlers.ts';
import { serveOperations } from '../../electron/engine/sources/serve-operations.ts';
import { threadEnvironment } from '../../electron/engine/sources/thread-environment.ts';

/** Serves as the product's worker does, but for these parts. */
export function serveSabotagedSources(parts: Partial<CaptureParts>): void {
  if (parentPort === null) throw new Error('this is a worker’s entry');
  serveOperations(parentPort, makeHandlers(threadEnvironment({ ...sqliteParts, ...parts })));
}
