// utilityProcess: a forked Node with `process.parentPort`, ended with the app.
import { fork, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { ForkOptions, UtilityProcess } from 'electron';
import { needReady } from './life.ts';
import { cloned, createEmitter, strictly } from './strict.ts';
import { serveCommand, system } from './system.ts';

const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill()));
serveCommand('utilities', () => [...children].map(({ pid }) => pid));

function forkUtility(path: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess {
  needReady('utilityProcess');
  const { env = process.env, cwd = process.cwd(), execArgv = [] } = options;
  const { stdio = 'inherit' } = options;
  const [, out, err] = (Array.isArray(stdio) ? stdio : [stdio, stdio, stdio]) as 'pipe'[];
  const imports = [new URL('./utility-child.ts', import.meta.url).href, ...system.utilityImports];
  const child = fork(path, args, {
    execArgv: [...execArgv, ...imports.map((file) => `--import=${file}`)],
    env: { ...env },
    cwd,
    stdio: ['ignore', out ?? 'inherit', err ?? 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  children.add(child);
  const emitter = createEmitter('UtilityProcess', 'spawn exit message error');
  child.once('spawn', () => emitter.emit('spawn'));
  child.on('message', (message) => emitter.emit('message', message));
  child.once('exit', (code, signal) => {
    children.delete(child);
    emitter.emit('exit', code ?? constants.signals[signal ?? 'SIGKILL']);
  });
  const members: Partial<UtilityProcess> = {
    get pid() {
      return children.has(child) ? child.pid : undefined;
    },
    stdout: child.stdout,
    stderr: child.stderr,
    postMessage(message) {
      const copy: unknown = cloned(message);
      // Its end has a message of its own.
      if (child.connected) child.send(copy as object, () => undefined);
    },
    kill: () => child.kill(),
  };
  return strictly<UtilityProcess>('UtilityProcess', members, emitter);
}

export const utilityProcess = strictly<typeof Electron.utilityProcess>('utilityProcess', {
  fork: forkUtility,
});
