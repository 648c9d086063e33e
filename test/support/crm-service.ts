/** `service crm start` and `service crm stop` around the server in crm-server.ts, with a pid file, as offices have it. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { isRunning } from './is-running.ts';

const serverProgram = fileURLToPath(new URL('crm-server.ts', import.meta.url));

export interface CrmService {
  /** For a plan's actions. */
  readonly stop: readonly string[];
  readonly start: readonly string[];
  run(command: readonly string[]): Promise<void>;
  isUp(): boolean;
  /** Of the server that runs; null: none does. */
  pid(): number | null;
  /** What the server did: when, and `up` or `down`. */
  log(): readonly { readonly atMs: number; readonly what: string }[];
}

/** Not running yet; ends with the test. */
export async function createCrmService(folder: string, database: string): Promise<CrmService> {
  const [script, log, pidFile] = ['crm-service', 'crm.log', 'crm.pid'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  // The server keeps the streams of the command, as services do that somebody starts by hand.
  const text = `#!/bin/sh
set -e
case "$1" in
  start)
    if [ -f '${pidFile}' ]; then echo already running; exit 0; fi
    '${process.execPath}' '${serverProgram}' '${database}' '${log}' '${pidFile}' &
    while [ ! -s '${pidFile}' ]; do sleep 0.05; done
    echo started "$HOLDFAST_PHASE" "$HOLDFAST_RESULT";;
  stop)
    if [ ! -f '${pidFile}' ]; then echo not running; exit 0; fi
    kill "$(cat '${pidFile}')"
    while [ -f '${pidFile}' ]; do sleep 0.05; done
    echo stopped "$HOLDFAST_PHASE";;
esac
`;
  await writeFile(script, text, { mode: 0o755 });
  const pid = (): number | null =>
    existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : null;
  const service: CrmService = {
    stop: [script, 'stop'],
    start: [script, 'start'],
    async run([program = '', ...args]) {
      // Not waited for the end of its output: the server keeps it.
      const running = promisify(execFile)('/bin/sh', [
        '-c',
        `'${program}' ${args.join(' ')} > /dev/null 2>&1`,
      ]);
      await running;
    },
    isUp() {
      const current = pid();
      return current !== null && isRunning(current);
    },
    pid,
    log: () =>
      (existsSync(log) ? readFileSync(log, 'utf8') : '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [atMs, what = ''] = line.split(' ');
          return { atMs: Number(atMs), what };
        }),
  };
  onTestFinished(() => {
    const current = pid();
    if (current !== null && isRunning(current)) process.kill(current, 'SIGKILL');
  });
  return service;
}
