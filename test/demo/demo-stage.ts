/**
 * What the audience sees: one block for each step with plain words, the commands, the figures and the checks. A check
 * that fails ends the demo. Colours only where the output is a terminal and nobody set NO_COLOR.
 */
import { styleText } from 'node:util';

export interface DemoStage {
  /** Text outside of steps. */
  say(text: string): void;
  /** Runs one step; `name` is what hooks know it by. */
  step<T>(name: string, title: string, words: string, work: () => Promise<T>): Promise<T>;
  /** The command as a user would type it. */
  command(line: string): void;
  figure(name: string, value: string): void;
  /** A check that holds without a line of its own; throws unless `isTrue`: `otherwise` says then what is wrong. */
  require(isTrue: boolean, otherwise: string): void;
  /** Says in a whole sentence what was found right; throws unless `isTrue`. */
  check(text: string, isTrue: boolean, otherwise: string): void;
  /** The same; throws unless both are the same. */
  equal<T extends number | string | null>(text: string, found: T, expected: T): void;
  /** The last words of a demo that failed. */
  fail(message: string): void;
  /** What is still to be said at the end. */
  readonly progress: { readonly steps: number; readonly checks: number; readonly step: string };
}

const columns = 92;
const indent = '    ';
const nameColumns = 16;

const style = (format: Parameters<typeof styleText>[0], text: string): string =>
  styleText(format, text, { stream: process.stdout });

/** `afterStep` is called with the name of each step that ended well. */
export function openStage(afterStep: (name: string) => Promise<void>): DemoStage {
  const progress = { steps: 0, checks: 0, step: 'before the first step' };
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const require: DemoStage['require'] = (isTrue, otherwise) => {
    progress.checks += 1;
    if (!isTrue) throw new Error(otherwise);
  };
  const check: DemoStage['check'] = (text, isTrue, otherwise) => {
    require(isTrue, otherwise);
    const [first = '', ...more] = wrap(text, columns - indent.length - 4);
    say(`${indent}${style('green', 'ok')}  ${first}`);
    for (const line of more) say(`${indent}    ${line}`);
  };
  return {
    progress,
    say,
    async step(name, title, words, work) {
      progress.steps += 1;
      progress.step = `step ${progress.steps}, "${title}"`;
      say(`\n${style('bold', `${String(progress.steps).padStart(2)}  ${title}`)}`);
      for (const line of wrap(words, columns - indent.length)) say(`${indent}${line}`);
      const result = await work();
      await afterStep(name);
      return result;
    },
    command(line) {
      const [first = '', ...more] = wrap(line, columns - indent.length - 4);
      say(`${indent}${style('cyan', `$ ${first}${more.length > 0 ? ' \\' : ''}`)}`);
      more.forEach((rest, index) =>
        say(`${indent}    ${style('cyan', rest + (index < more.length - 1 ? ' \\' : ''))}`),
      );
    },
    figure(name, value) {
      const [first = '', ...more] = wrap(value, columns - indent.length - nameColumns);
      say(`${indent}${style('dim', name)}${' '.repeat(nameColumns - name.length)}${first}`);
      for (const line of more) say(`${indent}${' '.repeat(nameColumns)}${line}`);
    },
    require,
    check,
    fail(message) {
      say(`\n${style('red', `FAILED in ${progress.step}`)}`);
      for (const line of message.split('\n')) say(`${indent}${line}`);
    },
    equal(text, found, expected) {
      check(text, found === expected, `Not so: "${text}". Expected ${expected}, found ${found}.`);
    },
  };
}

/** Lines of whole words, however the text was broken before; a word that is longer stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
