/**
 * The demo is what people judge Holdfast by: it must end well where all is well, and must not where the smallest thing is
 * wrong. Here things go wrong between its steps, by a hook, and it has to notice by itself.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const demo = fileURLToPath(new URL('../demo/run-demo.ts', import.meta.url));

interface DemoRun {
  readonly exitCode: number | null;
  readonly output: string;
  /** What lies in its temporary folder afterwards. */
  readonly leftOver: readonly string[];
}

interface DemoWishes {
  /** JavaScript run after this step; `facts.folder` and `facts.writerPid` are at hand. */
  readonly after?: readonly [step: string, code: string];
  readonly onOutput?: (output: string, child: ChildProcess) => void;
}

async function runDemo({ after, onOutput }: DemoWishes = {}): Promise<DemoRun> {
  const [temporary, hooks] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
  const args = [demo, '--contacts', '2000'];
  if (after !== undefined) args.push('--hook', writeHook(hooks, after));
  const env = { ...process.env, TMPDIR: temporary, NO_COLOR: '1', FORCE_COLOR: undefined };
  // A group of its own, as a shell gives it, so that a test can do what Ctrl-C does.
  const child = spawn(process.execPath, args, { env, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (part: string) => {
      output += part;
      onOutput?.(output, child);
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, output, leftOver: readdirSync(temporary) };
}

function writeHook(folder: string, [step, code]: readonly [string, string]): string {
  const file = join(folder, 'hook.mjs');
  const database = new URL('../../node_modules/better-sqlite3/lib/index.js', import.meta.url).href;
  writeFileSync(
    file,
    `import fs from 'node:fs';
import path from 'node:path';
import Database from '${database}';
export function afterStep(step, facts) {
  if (step !== '${step}') return;
  ${code}
}`,
  );
  return file;
}

/** Changes the live CRM as a program would that the demo does not know of. */
const changeCrm = (sql: string): string => `
  const db = new Database(path.join(facts.folder, 'crm/crm.db'), { timeout: 10000 });
  db.pragma('foreign_keys = ON');
  db.exec(${JSON.stringify(sql)});
  db.close();`;

/** Changes bytes in the middle of the largest pack. */
const damageCopies = `
  const packs = path.join(facts.folder, 'copies/packs');
  const files = fs.readdirSync(packs, { recursive: true }).map((name) => path.join(packs, name));
  const sizeOf = (file) => fs.statSync(file).isFile() ? fs.statSync(file).size : 0;
  const [largest] = files.sort((a, b) => sizeOf(b) - sizeOf(a));
  fs.chmodSync(largest, 0o600);
  const fd = fs.openSync(largest, 'r+');
  fs.writeSync(fd, Buffer.alloc(64, 0x5a), 0, 64, Math.floor(sizeOf(largest) / 2));
  fs.closeSync(fd);`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** What goes wrong, after which step, how, and what the demo has to say. */
const sabotages = [
  ['a copy is damaged', 'day', damageCopies, /FAILED in step [5-7], /],
  [
    'the second program is killed',
    'full',
    `process.kill(facts.writerPid, 'SIGKILL');`,
    /FAILED in step 4, "A day's work"\n.*the writer ended \(SIGKILL\)/,
  ],
  [
    'one contact more is deleted before the backup',
    'day',
    changeCrm('DELETE FROM contacts WHERE id = (SELECT max(id) FROM contacts)'),
    /FAILED in step 5, "The accident"\n.*Expected 1800, found 1799/,
  ],
  [
    'one letter of a note is changed after the accident',
    'accident',
    changeCrm("UPDATE notes SET body = body || '.' WHERE id = (SELECT max(id) FROM notes)"),
    /FAILED in step 8, "Undo"\n.*Not as before the restore, by their SHA-256: notes\./,
  ],
  [
    'a contact vanishes at the end',
    'reader',
    changeCrm('DELETE FROM contacts WHERE id = (SELECT max(id) FROM contacts)'),
    /FAILED in step 13, .*\n.*Expected 2000, found 1999/,
  ],
  [
    'the emergency reader does nothing',
    'drill',
    `const script = path.join(facts.folder, 'copies/restore.mjs');
     fs.chmodSync(script, 0o600);
     fs.writeFileSync(script, '');`,
    /FAILED in step 12, "Without Holdfast"/,
  ],
] as const;

/** Half of them in each run, all in the deep one. */
const first = Number(process.env['HOLDFAST_SEED'] ?? 1) % sabotages.length;
const chosen =
  process.env['HOLDFAST_DEEP'] === '1'
    ? sabotages
    : [...sabotages, ...sabotages].slice(first, first + sabotages.length / 2);

describe('the demo', () => {
  test('tells the whole story, with every check, and leaves nothing behind', async () => {
    const { exitCode, output, leftOver } = await runDemo();
    expect(output).not.toMatch(/FAILED/);
    expect(exitCode).toBe(0);
    expect(leftOver).toEqual([]);
    const blocks = output.split('\n\n').slice(2, -1);
    const checks = blocks.map((block) => block.match(/^ {4}ok {2}.*$/gm) ?? []);
    const wanted: readonly (readonly [title: string, ...checks: RegExp[]])[] = [
      ['A CRM that is in use', /sees 2,000 contacts/],
      ['A place for the copies'],
      [
        'The first backup',
        /read back and authenticated/,
        /One state: .*2,000 contacts/,
        /never waited in vain/,
        /Every byte/,
      ],
      [
        "A day's work",
        /read back and authenticated/,
        /One state: .*2,000 contacts|SQLite's log told/,
        /never waited in vain/,
        /% of what the first/,
      ],
      [
        'The accident',
        /sees 1,800 contacts/,
        /read back and authenticated/,
        /One state: .*1,800 contacts|SQLite's log told/,
        /never waited/,
      ],
      ['What is missing?', /plain SQL counted/, /exactly the 200 contacts/],
      [
        'Everything back, in place',
        /now sees 2,000 contacts/,
        /tables are as before the/,
        /goes on writing/,
      ],
      [
        'Undo',
        /refuses to lose new work/,
        /sees 1,800 contacts/,
        /tables are as before the/,
        /goes on writing/,
      ],
      ['Only the 200 records', /tables are as before the/, /No later work is lost/, /goes on/],
      ['Is every byte still good?', /Nothing is damaged or missing/],
      ['The restore test', /integrity check found nothing/, /All 6 tables/],
      ['Without Holdfast', /byte by byte/, /from before the accident/],
      ['The end of the day', /all 2,000 contacts/, /integrity check/, /No record refers/],
    ];
    expect(blocks.map((block) => block.split('\n')[0]?.slice(4))).toEqual(
      wanted.map(([title]) => title),
    );
    wanted.forEach(([title, ...lines], index) => {
      expect(checks[index]?.length, title).toBe(lines.length);
      lines.forEach((line, number) => expect(checks[index]?.[number], title).toMatch(line));
    });
    expect(output).toMatch(/^All \d+ checks of 13 steps hold\./m);
  });

  test.each(chosen)(
    'notices when %s, says in which step, and cleans up',
    async (_what, step, code, message) => {
      const { exitCode, output, leftOver } = await runDemo({ after: [step, code] });
      expect(output).toMatch(message);
      expect(exitCode).toBe(1);
      expect(output).not.toMatch(/checks of \d+ steps hold/);
      expect(leftOver).toEqual([]);
    },
  );

  test.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing behind after %s', async (signal) => {
    let isSent = false;
    const { exitCode, output, leftOver } = await runDemo({
      onOutput(text, child) {
        if (isSent || !text.includes('$ holdfast backup') || child.pid === undefined) return;
        isSent = true;
        process.kill(-child.pid, signal);
      },
    });
    expect(exitCode).toBe(130);
    expect(output).toMatch(/Stopped\./);
    expect(leftOver).toEqual([]);
    const writer = Number(/process (\d+), its connection/.exec(output)?.[1]);
    expect(writer).toBeGreaterThan(1);
    expect(isAlive(writer)).toBe(false);
  });
});
