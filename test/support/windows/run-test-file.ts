/**
 * Runs one test file on Windows and writes what came of it, after every test, so that a crash loses nothing.
 *
 *   node run-test-file.ts FILE RESULT.json [PATTERN]
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runGathered, type TestOutcome } from './small-vitest.ts';

/** A slow machine that emulates Windows beside others. */
const TEST_MS = 240_000;

const [file = '', result = '', pattern = ''] = process.argv.slice(2);
const outcomes: TestOutcome[] = [];
const write = (isComplete: boolean): void =>
  writeFileSync(result, JSON.stringify({ isComplete, outcomes }));

write(false);
await import(pathToFileURL(resolve(file)).href);
await runGathered(new RegExp(pattern, 'u'), TEST_MS, (outcome) => {
  outcomes.push(outcome);
  write(false);
});
write(true);
// What a test left open must not keep the process.
process.exit(0);
