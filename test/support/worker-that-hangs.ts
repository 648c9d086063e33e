/** A source worker whose integrity check waits for a pipe's other end, as a read waits for a share that does not answer. */
import { closeSync, openSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { sqliteParts } from '../../electron/engine/sources/capture-parts.ts';
import { makeHandlers } from '../../electron/engine/sources/operation-handlers.ts';
import { serveOperations } from '../../electron/engine/sources/serve-operations.ts';
import { threadEnvironment } from '../../electron/engine/sources/thread-environment.ts';

if (parentPort === null) throw new Error('this is a worker’s entry');
serveOperations(parentPort, {
  ...makeHandlers(threadEnvironment(sqliteParts)),
  checkIntegrity: ({ path }) => {
    closeSync(openSync(path, 'r'));
    return [];
  },
});
