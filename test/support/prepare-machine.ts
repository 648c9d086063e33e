/**
 * Brings what `npm ci` cannot: Debian packages, and keytar, which is compiled against one of them. Never fails the run:
 * what is missing is said here, and each test that needed it is then listed as skipped.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { debianPackages, isAvailable } from './machine.ts';

/** Lines that tell what was installed or left out. */
export function prepareMachine(root: string): string[] {
  return [...installDebianPackages(), ...compileKeytar(root)];
}

function installDebianPackages(): string[] {
  if (process.platform !== 'linux') return [`no Debian packages on ${process.platform}`];
  const script = new URL('./install-debian-packages.sh', import.meta.url);
  const run = spawnSync('bash', [script.pathname, ...debianPackages], { encoding: 'utf8' });
  return linesOf(run.stdout);
}

/** `npm install` puts back the optional packages of the lock file that are not there; it changes no file of ours. */
function compileKeytar(root: string): string[] {
  if (isAvailable('keytar')) return [];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(npm, ['install', '--no-save', '--no-audit', '--no-fund'], {
    cwd: root,
    env: { ...process.env, ...localHeaders() },
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (isAvailable('keytar')) return ['compiled: keytar'];
  const lastError = linesOf(run.stderr).findLast((line) => line.startsWith('npm error'));
  return [`not compiled: keytar (${lastError ?? 'its optional build failed'})`];
}

/** keytar uses Node-API only, so the headers of any Node on this machine will do; without them node-gyp downloads some. */
function localHeaders(): Record<string, string> {
  const prefix = ['/usr/local', '/usr'].find((folder) =>
    existsSync(`${folder}/include/node/node_api.h`),
  );
  return prefix === undefined ? {} : { npm_config_nodedir: prefix };
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
