/**
 * As much of vitest as our tests use, for a Node on which vitest itself cannot start (Windows in Wine): tests are gathered
 * while a file loads and run one after the other. `expect` is vitest's own.
 */
import type { expect as realExpect } from 'vitest';

export type TestOutcome = {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly message: string;
};

type Body = (...args: never[]) => unknown;
type Hook = () => unknown;
type Suite = {
  readonly names: readonly string[];
  readonly isSkipped: boolean;
  readonly parent: Suite | null;
  readonly beforeAll: Hook[];
  readonly afterAll: Hook[];
  readonly beforeEach: Hook[];
  readonly afterEach: Hook[];
  isBegun: boolean;
};
type Gathered = {
  readonly suite: Suite;
  readonly name: string;
  readonly body: Hook;
  readonly isSkipped: boolean;
};

const vitestUrl = process.env['HOLDFAST_VITEST'] ?? '';
const real = (await import(vitestUrl)) as { readonly expect: typeof realExpect };

const suiteBelow = (parent: Suite | null, name: string, isSkipped: boolean): Suite => ({
  names: parent === null ? [] : [...parent.names, name],
  isSkipped: isSkipped || parent?.isSkipped === true,
  parent,
  beforeAll: [],
  afterAll: [],
  beforeEach: [],
  afterEach: [],
  isBegun: false,
});

const top = suiteBelow(null, '', false);
const gathered: Gathered[] = [];
let current = top;
let finishers: Hook[] = [];

const POLL_MS = 50;
/** Of a stack: says nothing about the test. */
const OWN_LINE = /small-vitest|run-test-file|node:internal/u;

/** Asks again until the assertion holds, for as long as the test says. */
function poll(
  ask: () => unknown,
  { timeout = 1000, interval = POLL_MS }: { timeout?: number; interval?: number } = {},
): unknown {
  const call =
    (way: readonly string[]) =>
    async (...args: unknown[]): Promise<void> => {
      const untilMs = performance.now() + timeout;
      for (;;) {
        try {
          const assertion: unknown = real.expect(await ask());
          const holder = way.slice(0, -1).reduce((part, name) => member(part, name), assertion);
          await (member(holder, way.at(-1) ?? '') as Body).apply(holder, args as never[]);
          return;
        } catch (error) {
          if (performance.now() > untilMs) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, interval));
      }
    };
  const proxyOf = (way: readonly string[]): unknown =>
    new Proxy(call(way), { get: (_, name) => proxyOf([...way, String(name)]) });
  return proxyOf([]);
}

const member = (holder: unknown, name: string): unknown =>
  (holder as Readonly<Record<string, unknown>>)[name];

export const expect = Object.assign(
  (...args: Parameters<typeof realExpect>) => real.expect(...args),
  real.expect,
  { poll },
);

/** Values of the run that vitest would have given: none here. */
export const inject = (name: string): never => {
  throw new Error(`${name} is not given on Windows`);
};

const addTest = (name: string, body: Hook, isSkipped: boolean): void =>
  void gathered.push({ suite: current, name, body, isSkipped });

const withVariants = (isSkipped: boolean) =>
  Object.assign((name: string, body: Hook) => addTest(name, body, isSkipped), {
    each: (rows: readonly unknown[]) => (name: string, body: Body) =>
      rows.forEach((row, index) =>
        addTest(titleOf(name, row, index), () => body(...argumentsOf(row)), isSkipped),
      ),
  });

export const test = Object.assign(withVariants(false), {
  skipIf: (condition: unknown) => withVariants(Boolean(condition)),
  runIf: (condition: unknown) => withVariants(!condition),
});

const addSuite = (name: string, define: Hook, isSkipped: boolean): void => {
  const outer = current;
  current = suiteBelow(outer, name, isSkipped);
  try {
    define();
  } finally {
    current = outer;
  }
};

const suiteVariants = (isSkipped: boolean) =>
  Object.assign((name: string, define: Hook) => addSuite(name, define, isSkipped), {
    each: (rows: readonly unknown[]) => (name: string, define: Body) =>
      rows.forEach((row, index) =>
        addSuite(titleOf(name, row, index), () => define(...argumentsOf(row)), isSkipped),
      ),
  });

export const describe = Object.assign(suiteVariants(false), {
  skipIf: (condition: unknown) => suiteVariants(Boolean(condition)),
});

export const beforeAll = (hook: Hook): void => void current.beforeAll.push(hook);
export const afterAll = (hook: Hook): void => void current.afterAll.push(hook);
export const beforeEach = (hook: Hook): void => void current.beforeEach.push(hook);
export const afterEach = (hook: Hook): void => void current.afterEach.push(hook);
export const onTestFinished = (hook: Hook): void => void finishers.push(hook);

/** Runs what was gathered and tells each outcome as it comes. */
export async function runGathered(
  wanted: RegExp,
  testMs: number,
  tell: (outcome: TestOutcome) => void,
): Promise<void> {
  const begun: Suite[] = [];
  for (const one of gathered) {
    const name = [...one.suite.names, one.name].join(' > ');
    if (!wanted.test(name)) continue;
    const startedMs = performance.now();
    const finish = (outcome: TestOutcome['outcome'], message = ''): void =>
      tell({ name, outcome, ms: Math.round(performance.now() - startedMs), message });
    if (one.isSkipped || one.suite.isSkipped) {
      finish('skipped');
      continue;
    }
    try {
      await within(testMs, () => runOne(one, begun));
      finish('passed');
    } catch (error) {
      finish('failed', describeError(error));
    }
  }
  for (const suite of begun.reverse()) for (const hook of suite.afterAll) await hook();
}

async function runOne(one: Gathered, begun: Suite[]): Promise<void> {
  const chain = chainOf(one.suite);
  for (const suite of chain.filter(({ isBegun }) => !isBegun)) {
    suite.isBegun = true;
    begun.push(suite);
    for (const hook of suite.beforeAll) await hook();
  }
  finishers = [];
  const failures: unknown[] = [];
  const keep = (error: unknown): void => void failures.push(error);
  const before = chain.flatMap(({ beforeEach: hooks }) => hooks);
  const after = chain.toReversed().flatMap(({ afterEach: hooks }) => hooks);
  await inOrder([...before, one.body]).catch(keep);
  for (const hook of [...after, ...finishers.toReversed()]) await inOrder([hook]).catch(keep);
  if (failures.length > 0) throw failures[0];
}

async function inOrder(hooks: readonly Hook[]): Promise<void> {
  for (const hook of hooks) await hook();
}

function chainOf(suite: Suite): Suite[] {
  return suite.parent === null ? [suite] : [...chainOf(suite.parent), suite];
}

async function within(ms: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
  });
  await Promise.race([work(), late]).finally(() => clearTimeout(timer));
}

const argumentsOf = (row: unknown): never[] => (Array.isArray(row) ? row : [row]) as never[];

function titleOf(name: string, row: unknown, index: number): string {
  const values = [...argumentsOf(row)] as unknown[];
  return name.replaceAll(/%[sjdi#]|\$\w+/gu, (mark) => {
    if (mark === '%#') return `${index}`;
    if (mark.startsWith('$')) return String(member(row, mark.slice(1)));
    const value = values.shift();
    return mark === '%j' ? JSON.stringify(value) : String(value);
  });
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\n  caused by ${describeError(error.cause)}`;
  const lines = (error.stack ?? error.message).split('\n');
  return `${lines.filter((line) => !OWN_LINE.test(line)).join('\n')}${cause}`;
}
