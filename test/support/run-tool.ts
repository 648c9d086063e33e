/** Runs a command-line tool from node_modules on the Node that runs this file. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type ToolResult = {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
};

/** The tool's entry is taken from its package, so that it works where `.bin` holds shell scripts. */
async function entryOf(root: string, tool: string, packageName: string): Promise<string> {
  const folder = join(root, 'node_modules', packageName);
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const { bin } = manifest as { bin?: string | Record<string, string> };
  const entry = typeof bin === 'string' ? bin : bin?.[tool];
  if (entry === undefined) throw new Error(`${packageName} has no program ${tool}`);
  return join(folder, entry);
}

/** Standard output and error come back together; nothing is printed. */
export async function runTool(
  root: string,
  [tool, ...args]: readonly [string, ...string[]],
  packageName: string = tool,
): Promise<ToolResult> {
  const startedMs = performance.now();
  const entry = await entryOf(root, tool, packageName);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const ending = signal === null ? '' : `\nended by ${signal}\n`;
      resolve({
        exitCode: code ?? 1,
        output: Buffer.concat(parts).toString('utf8') + ending,
        seconds: (performance.now() - startedMs) / 1000,
      });
    });
  });
}
