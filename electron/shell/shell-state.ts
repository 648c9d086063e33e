// What the shell knows of the agent: plans, work under way, settings. Asked anew when the agent says that it changed,
// never twice at once.
import type { AppEvent, CallOutput, CallRequest } from '../../shared/ipc/contract.ts';
import type { Job } from '../../shared/model/job.ts';
import type { Overview } from '../../shared/model/overview.ts';
import { defaultSettings, type Settings } from '../../shared/model/settings.ts';

type Question = 'overview' | 'settings' | 'jobs';

export interface StateParts {
  readonly ask: <N extends Question>(name: N, input: CallRequest<N>) => Promise<CallOutput<N>>;
  readonly onChange: () => void;
  /** Not for an agent that ended meanwhile: it will be asked again. */
  readonly onFailure: (question: Question, error: unknown) => void;
}

export interface ShellState {
  /** Null: not known, the agent is starting. */
  readonly overview: () => Overview | null;
  readonly jobs: () => readonly Job[];
  /** The defaults until they are known. */
  readonly settings: () => Settings;
  readonly areSettingsKnown: () => boolean;
  hear(event: AppEvent): void;
  /** Asks for everything; resolves when it is known. */
  refresh(): Promise<void>;
  /** The agent is gone, and with it what is known of its work. */
  forget(): void;
}

export function createShellState({ ask, onChange, onFailure }: StateParts): ShellState {
  let overview: Overview | null = null;
  let jobs: readonly Job[] = [];
  let settings: Settings | null = null;

  const learn = <N extends Question>(name: N, keep: (answer: CallOutput<N>) => void) =>
    once(async () => {
      try {
        keep(await ask(name, {} as CallRequest<N>));
        onChange();
      } catch (error) {
        onFailure(name, error);
      }
    });
  const learnOverview = learn('overview', (answer) => (overview = answer));
  const learnSettings = learn('settings', (answer) => (settings = answer));
  const learnJobs = learn('jobs', (answer) => ({ jobs } = answer));

  return {
    overview: () => overview,
    jobs: () => jobs,
    settings: () => settings ?? defaultSettings,
    areSettingsKnown: () => settings !== null,
    hear(event) {
      if (event.kind === 'jobs') {
        ({ jobs } = event);
        onChange();
      }
      if (event.kind !== 'changed') return;
      if (event.topics.includes('settings')) void learnSettings();
      if (event.topics.some((topic) => topic === 'overview' || topic === 'runs')) {
        void learnOverview();
      }
    },
    refresh: async () => void (await Promise.all([learnSettings(), learnJobs(), learnOverview()])),
    forget() {
      overview = null;
      jobs = [];
      onChange();
    },
  };
}

/** Runs `action` one at a time; asked for meanwhile, it runs once more after that. */
function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    if (running !== null) {
      next ??= running.then(async () => {
        next = null;
        return run();
      });
      return next;
    }
    running = action().finally(() => (running = null));
    return running;
  };
  return run;
}
