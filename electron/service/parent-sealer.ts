// Asks the shell to seal and unseal secrets. Without an answer in time there is no sealing: a backup waits for nobody.
import type { Clock } from '../../shared/model/clock.ts';
import type { Response } from '../../shared/ipc/messages.ts';

/** The shell is there or it is not; only a keyring that it has to wait for takes seconds. */
const ANSWER_WITHIN_MS = 10_000;

export interface ParentSealer {
  seal(text: string): Promise<string | null>;
  unseal(sealed: string): Promise<string | null>;
  /** For each `answer` that comes in. */
  hear(answer: { readonly id: number; readonly value: string | null }): void;
}

export function createParentSealer(
  send: (response: Response) => void,
  clock: Pick<Clock, 'sleep'>,
): ParentSealer {
  const waiting = new Map<number, (value: string | null) => void>();
  let lastId = 0;
  const ask = async (favour: 'seal' | 'unseal', text: string): Promise<string | null> => {
    lastId += 1;
    const id = lastId;
    const answered = new Promise<string | null>((resolve) => waiting.set(id, resolve));
    const inTime = new AbortController();
    send({ kind: 'ask', id, favour, text });
    const late = clock.sleep(ANSWER_WITHIN_MS, inTime.signal).then(
      () => null,
      () => null,
    );
    const value = await Promise.race([answered, late]);
    inTime.abort();
    waiting.delete(id);
    return value;
  };
  return {
    seal: async (text) => ask('seal', text),
    unseal: async (sealed) => ask('unseal', sealed),
    hear: ({ id, value }) => waiting.get(id)?.(value),
  };
}
