// Ending the app: asks while it works, lets the agent stop at a safe point, then leaves. The end of the session asks nobody.
import { app, dialog } from 'electron';
import type { Job } from '../../shared/model/job.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { trayWords } from '../../shared/text/tray-words.ts';
import type { AgentProcess } from './agent-process.ts';
import { workThatEnds } from './plan-quit.ts';

/** A page that is being sealed is finished in far less. */
const LONGEST_STOP_MS = 20_000;
/** Windows gives five seconds in all. */
const LONGEST_STOP_AT_SESSION_END_MS = 4_000;

export interface Quitting {
  /** Windows close for real from now on. */
  readonly isQuitting: () => boolean;
  /** The system goes down or the user signs out. */
  endSession(): void;
}

export interface QuitParts {
  readonly agent: AgentProcess;
  readonly jobs: () => readonly Job[];
  readonly locale: () => Locale;
  readonly log: (what: string, error: unknown) => void;
}

/** Takes every wish to quit from now on. */
export function watchQuit({ agent, jobs, locale, log }: QuitParts): Quitting {
  let state: 'running' | 'asking' | 'ending' | 'ended' = 'running';

  const end = async (limitMs: number): Promise<void> => {
    if (state === 'ending' || state === 'ended') return;
    state = 'ending';
    try {
      await agent.end(limitMs);
    } catch (error) {
      log('the agent did not end', error);
    }
    state = 'ended';
    app.quit();
  };

  const quit = async (): Promise<void> => {
    if (state !== 'running') return;
    state = 'asking';
    const isWanted = await askWhetherToQuit(jobs(), locale());
    // The session may have ended meanwhile.
    if (state !== 'asking') return;
    state = 'running';
    if (isWanted) await end(LONGEST_STOP_MS);
  };

  app.on('before-quit', (event) => {
    if (state === 'ended') return;
    event.preventDefault();
    void quit();
  });
  const endSession = (): void => void end(LONGEST_STOP_AT_SESSION_END_MS);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, endSession);
  return { isQuitting: () => state === 'ending' || state === 'ended', endSession };
}

async function askWhetherToQuit(jobs: readonly Job[], locale: Locale): Promise<boolean> {
  const { askQuit, running } = trayWords[locale];
  const work = workThatEnds(jobs);
  if (work === null) return true;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: askQuit.message,
    detail: askQuit.detail(running(work.kind, work.planName)),
    buttons: [askQuit.stay, askQuit.quit],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}
