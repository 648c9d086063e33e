// Runs a program that asks on its standard output and is answered on its standard input.
// Promise: what is said to it goes nowhere else; it ends in time, or is ended.
import { spawn } from 'node:child_process';
import { withoutOwnVariables } from '../own-environment.ts';

const MOST_CHARACTERS = 64 * 1024;
const STOPS_WITHIN_MS = 5_000;

export interface ShareTool {
  readonly program: string;
  /** Public: other users of this computer can read them. */
  readonly arguments: readonly string[];
  /** What to say now, by all that was put out so far; `stop` ends it. Null: nothing yet. */
  readonly answer: (output: string) => ShareToolWord | 'stop' | null;
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

export interface ShareToolWord {
  readonly say: string;
  /** Nothing more will be said: the program sees the end of its input. */
  readonly isLast?: true;
}

export type ShareToolEnd =
  | { readonly kind: 'ended'; readonly exitCode: number | null; readonly output: string }
  | { readonly kind: 'stopped'; readonly output: string }
  | { readonly kind: 'too-late'; readonly output: string }
  | { readonly kind: 'cancelled' }
  /** There is no such program. */
  | { readonly kind: 'missing' };

/** Never throws. */
export async function runShareTool(tool: ShareTool): Promise<ShareToolEnd> {
  if (tool.signal?.aborted === true) return { kind: 'cancelled' };
  return new Promise((resolve) => {
    const child = spawn(tool.program, tool.arguments, {
      env: plainEnvironment(process.env),
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    let stopping: NodeJS.Timeout | null = null;
    const end = (how: ShareToolEnd): void => {
      clearTimeout(timer);
      clearTimeout(stopping ?? undefined);
      tool.signal?.removeEventListener('abort', cancel);
      child.kill('SIGKILL');
      resolve(how);
    };
    const cancel = (): void => end({ kind: 'cancelled' });
    const timer = setTimeout(() => end({ kind: 'too-late', output }), tool.withinMs);
    tool.signal?.addEventListener('abort', cancel, { once: true });
    // By the end of its input: one that is killed leaves its dialogue open at whom it speaks for.
    const stop = (): void => {
      child.stdin.end();
      stopping = setTimeout(() => end({ kind: 'stopped', output }), STOPS_WITHIN_MS);
    };
    const hear = (text: string): void => {
      output = (output + text).slice(0, MOST_CHARACTERS);
      if (stopping !== null) return;
      for (let next = tool.answer(output); next !== null; next = tool.answer(output)) {
        if (next === 'stop') return stop();
        if (next.isLast === true) child.stdin.end(next.say);
        else child.stdin.write(next.say);
      }
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
    // A program that does not listen any more says why by its end.
    child.stdin.on('error', () => undefined);
    child.on('error', () => end({ kind: 'missing' }));
    child.on('close', (exitCode) =>
      end(stopping === null ? { kind: 'ended', exitCode, output } : { kind: 'stopped', output }),
    );
    hear('');
  });
}

/** One text at the start, and then the end of the input: some programs begin only there. */
export function sayAll(text: string): ShareTool['answer'] {
  let isSaid = false;
  return () => {
    if (isSaid) return null;
    isSaid = true;
    return { say: text, isLast: true };
  };
}

/** Ours without our own variables, and in a language that can be read here. */
function plainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...withoutOwnVariables(env), LC_ALL: 'C', LANGUAGE: '' };
}
