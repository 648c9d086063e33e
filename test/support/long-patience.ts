// Loaded before a program's own code (`--import`): in the threads that read sources, time for patience passes slowly. What
// another program keeps locked is waited for as long as a test needs, not ten seconds. Sleeps and the main thread stay as
// they are. With `?gate=FILE` the program also starts only when that file is not there.
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

const SLOWER = 60;
const LOOK_MS = 20;

const gate = new URL(import.meta.url).searchParams.get('gate') ?? '';
if (isMainThread) {
  while (existsSync(gate)) await pause(LOOK_MS);
} else {
  const realNow = performance.now.bind(performance);
  performance.now = () => realNow() / SLOWER;
}
