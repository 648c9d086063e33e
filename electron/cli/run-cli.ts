// The command line from arguments to exit code. The only place that prints answers and failures.
// Promise: with --json exactly one document goes to stdout, whatever happens; messages and progress go to stderr.
import { CommanderError, type Command } from 'commander';
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';
import {
  EXIT_CANCELLED,
  EXIT_OK,
  EXIT_PROBLEMS,
  exitCodeOf,
} from '../../shared/model/exit-code.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Notice } from '../../shared/model/notice.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { chooseLocale, type Locale } from '../../shared/text/locale.ts';
import { noticeWords } from '../../shared/text/notice-words.ts';
import { placeText } from '../../shared/text/place-text.ts';
import { finishOwedActions } from '../jobs/actions/finish-owed-actions.ts';
import { openEngine } from '../jobs/engine.ts';
import { dataFolder } from '../plans/data-folder.ts';
import { openKeychainStore } from '../secrets/keychain-store.ts';
import { openSecretStore } from '../secrets/secret-store.ts';
import { createProgram } from './create-program.ts';
import {
  readGivenSecret,
  readGivenSharePassword,
  takeSecretVariables,
  type SecretVariables,
} from '../jobs/given-secret.ts';
import { failureHint } from './failure-hint.ts';
import { labelsOf } from './labels.ts';
import type { Answer, CliSession, GlobalOptions } from './session.ts';
import { openTerminal, type Streams, type Terminal } from './terminal.ts';

/** What the entry hands in. */
export interface CliEntry extends Streams {
  /** Without program and script. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly workers: { readonly source: URL; readonly compute: URL };
  readonly version: string;
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/** A command's work: gets a session, gives an answer. */
export type RunCommand = (
  command: Command,
  work: (session: CliSession) => Promise<Answer>,
) => Promise<void>;

interface Run {
  readonly entry: CliEntry;
  readonly locale: Locale;
  readonly terminal: Terminal;
  readonly variables: SecretVariables;
  readonly notices: Notice[];
}

/** Runs one command; resolves with the exit code of the process. */
export async function runCli(entry: CliEntry): Promise<number> {
  const variables = takeSecretVariables(entry.env);
  const locale = localeOf(entry.env);
  const terminal = openTerminal(entry, locale);
  const run: Run = { entry, locale, terminal, variables, notices: [] };
  let exitCode: number = EXIT_OK;
  const program = createProgram(entry.version, terminal, async (command, work) => {
    exitCode = await carryOut(run, readGlobals(command), work);
  });
  program.configureOutput({
    writeOut: (text) => terminal.answer(text.trimEnd()),
    writeErr: () => undefined,
  });
  try {
    await program.parseAsync(entry.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === EXIT_OK) return EXIT_OK;
    return reportFailure(run, entry.argv.includes('--json'), explainUsage(error, program));
  } finally {
    terminal.endProgress();
  }
}

async function carryOut(
  run: Run,
  options: GlobalOptions,
  work: (session: CliSession) => Promise<Answer>,
): Promise<number> {
  try {
    await using session = openSession(run, options);
    await finishOwedActions(session.engine);
    const answer = await work(session);
    return reportAnswer(run, options.json, answer);
  } catch (error) {
    return reportFailure(run, options.json, error);
  }
}

function openSession(run: Run, options: GlobalOptions): CliSession & AsyncDisposable {
  const { entry, locale, terminal, variables, notices } = run;
  const { clock, random } = entry;
  const labels = labelsOf(locale);
  const engine = openEngine({
    dataFolder: dataFolder({ dataDir: options.dataDir, env: entry.env, cwd: entry.cwd }),
    clock,
    random,
    workers: entry.workers,
    app: `holdfast ${entry.version}`,
    secrets: {
      given: async () => readGivenSecret(options.passphraseFile, variables),
      store: async () => openSecretStore([async () => openKeychainStore({ clock })]),
      ask: terminal.canAsk
        ? async (place) => terminal.askSecret(labels.askPassphrase(placeText(place)))
        : null,
      shares: {
        given: async () => readGivenSharePassword(options.sharePasswordFile, variables),
        ask: terminal.canAsk
          ? async (share) => terminal.askSecret(labels.askSharePassword(placeText(share)))
          : null,
      },
    },
    notify(notice) {
      notices.push(notice);
      terminal.say(noticeWords(notice, locale));
    },
  });
  const context = { signal: entry.signal, onProgress: terminal.progress };
  entry.signal.addEventListener('abort', () => terminal.say(labels.stopping), { once: true });
  return {
    engine,
    context,
    terminal,
    locale,
    labels,
    options,
    variables,
    clock,
    random,
    cwd: entry.cwd,
    stdin: entry.stdin,
    [Symbol.asyncDispose]: async () => engine[Symbol.asyncDispose](),
  };
}

function readGlobals(command: Command): GlobalOptions {
  const { json, dataDir, passphraseFile, shareUser, sharePasswordFile } = command.optsWithGlobals<{
    json?: boolean;
    dataDir?: string;
    passphraseFile?: string;
    shareUser?: string;
    sharePasswordFile?: string;
  }>();
  return {
    json: json === true,
    dataDir,
    passphraseFile: passphraseFile ?? null,
    shareUser: shareUser ?? null,
    sharePasswordFile: sharePasswordFile ?? null,
  };
}

function reportAnswer({ terminal, locale, notices }: Run, isJson: boolean, answer: Answer): number {
  const { failure, document } = answer;
  if (isJson) {
    const head = failure === undefined ? { ok: true } : { ok: false, failure };
    terminal.answer(JSON.stringify({ ...head, ...document, notices }));
  } else {
    if (answer.text !== '') terminal.answer(answer.text);
    if (failure !== undefined) sayFailure(terminal, locale, failure);
  }
  if (failure === undefined) return EXIT_OK;
  const { exitCode = EXIT_PROBLEMS } = answer;
  return exitCode === 'by-failure' ? exitCodeOf(failure.code) : exitCode;
}

function reportFailure(run: Run, isJson: boolean, error: unknown): number {
  const isCancelled = run.entry.signal.aborted;
  const failure: Failure = isCancelled ? { code: 'cancelled' } : failureOf(error);
  if (isJson) run.terminal.answer(JSON.stringify({ ok: false, failure, notices: run.notices }));
  sayFailure(run.terminal, run.locale, failure);
  // A fault of ours: where it happened helps whoever has to mend it.
  if (failure.code === 'unexpected' && error instanceof Error) run.terminal.say(error.stack ?? '');
  return isCancelled ? EXIT_CANCELLED : exitCodeOf(failure.code);
}

function sayFailure(terminal: Terminal, locale: Locale, failure: Failure): void {
  const { title, cause, nextStep } = failureWords(failure, locale);
  const hint = failureHint(failure, locale);
  terminal.say([title, cause, nextStep, ...(hint === null ? [] : [hint])].join('\n'));
}

/** What commander refuses is wrong usage; anything else is what it is. */
function explainUsage(error: unknown, program: Command): unknown {
  if (!(error instanceof CommanderError)) return error;
  const detail =
    error.code === 'commander.help'
      ? `no command was given\n\n${program.helpInformation()}`
      : error.message.replace(/^error: /u, '');
  return new BackupError({ code: 'usage', detail }, error);
}

/** By the variables that every program goes by, in their order. */
function localeOf(env: NodeJS.ProcessEnv): Locale {
  const wanted = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']];
  return chooseLocale(
    wanted.filter((tag) => tag !== undefined && tag !== '').slice(0, 1) as string[],
  );
}
