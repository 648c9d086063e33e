// Entry of the one thread that opens sources, drill copies and restore targets. Composition only.
import { parentPort } from 'node:worker_threads';
import { sqliteParts } from './capture-parts.ts';
import { makeHandlers } from './operation-handlers.ts';
import { serveOperations } from './serve-operations.ts';
import { threadEnvironment } from './thread-environment.ts';

if (parentPort === null) throw new Error('source-worker runs as a worker thread');
serveOperations(parentPort, makeHandlers(threadEnvironment(sqliteParts)));
