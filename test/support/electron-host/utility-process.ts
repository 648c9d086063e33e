// utilityProcess: a forked Node with `process.parentPort`, ended with the app.
import { fork, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { ForkOptions, UtilityProcess } from 'electron';
import { endWithApp } from './app.ts';
import { needReady } from './life.ts';
import { cloned, createEmitter, strictly } from './strict.ts';
import { serveCommand, system } from './system.ts';

const children = new Map<number, ChildProcess>();
let nextId = 1;

function forkUtility(path: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess {
  needReady('utilityProcess');
  const output =
    options.stdio === 'pipe' ? 'pipe' : options.stdio === 'ignore' ? 'ignore' : 'inherit';
  const imports = [new URL('./utility-child.ts', import.meta.url).href, ...system.utilityImports];
  const child = fork(path, args, {
    execArgv: [...(options.execArgv ?? []), ...imports.map((file) => `--import=${file}`)],
    env: { ...(options.env ?? process.env) },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['ignore', output, output, 'ipc'],
    serialization: 'advanced',
  });
  const id = nextId++;
  children.set(id, child);
  endWithApp(child);
  const emitter = createEmitter('UtilityProcess', 'spawn exit message error');
  child.once('spawn', () => emitter.emit('spawn'));
  child.on('message', (message) => emitter.emit('message', message));
  child.once('exit', (code, signal) => {
    children.delete(id);
    emitter.emit('exit', code ?? constants.signals[signal ?? 'SIGKILL']);
  });
  return strictly<UtilityProcess>(
    'UtilityProcess',
    {
      get pid() {
        return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
      },
      stdout: child.stdout,
      stderr: child.stderr,
      postMessage(message) {
        const copy: unknown = cloned(message);
        if (child.connected) child.send(copy as object, () => {});
      },
      kill: () => child.kill(),
    },
    emitter,
  );
}

export const utilityProcess = strictly<typeof Electron.utilityProcess>('utilityProcess', {
  fork: forkUtility,
});

serveCommand('utilities', () => [...children.values()].map(({ pid }) => pid));
