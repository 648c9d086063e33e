// A bridge that answers from a table and remembers what it was asked. A call without an answer fails the test loudly.
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type {
  AppEvent,
  CallOutput,
  CallRequest,
  WindowCallName,
} from '../../shared/ipc/contract.ts';
import type { Reply } from '../../shared/ipc/messages.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { defaultSettings } from '../../shared/model/settings.ts';
import { sampleShellInfo } from './states/sample-answers.ts';

/** What one call is answered with: a value, a failure, or nothing for ever. */
export type FakeAnswer<N extends WindowCallName> =
  | { readonly value: CallOutput<N> }
  | { readonly failure: Failure }
  | 'never'
  | ((input: CallRequest<N>) => { readonly value: CallOutput<N> } | { readonly failure: Failure });

export type FakeAnswers = { readonly [N in WindowCallName]?: FakeAnswer<N> };

export interface FakeBridge extends Bridge {
  readonly calls: readonly { readonly name: WindowCallName; readonly input: unknown }[];
  emit(event: AppEvent): void;
  /** Answers that change from here on. */
  answer(answers: FakeAnswers): void;
}

const usual: FakeAnswers = {
  settings: { value: defaultSettings },
  shellInfo: { value: sampleShellInfo },
  jobs: { value: { jobs: [] } },
  notices: { value: { notices: [] } },
  holdWindow: { value: {} },
};

export function createFakeBridge(answers: FakeAnswers): FakeBridge {
  let table: FakeAnswers = { ...usual, ...answers };
  const calls: { name: WindowCallName; input: unknown }[] = [];
  const listeners = new Set<(event: AppEvent) => void>();
  return {
    calls,
    emit: (event) => listeners.forEach((listener) => listener(event)),
    answer: (more) => void (table = { ...table, ...more }),
    async call(name, input): Promise<Reply> {
      calls.push({ name, input });
      const answer = table[name] as FakeAnswer<WindowCallName> | undefined;
      if (answer === undefined) throw new Error(`the test has no answer for ${name}`);
      if (answer === 'never') return new Promise(() => undefined);
      const given = typeof answer === 'function' ? answer(input as never) : answer;
      return 'failure' in given
        ? { ok: false, failure: given.failure }
        : { ok: true, value: given.value };
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    pathOfFile: (file) => `/dropped/${file.name}`,
  };
}
