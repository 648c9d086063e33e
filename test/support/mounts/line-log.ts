/** Lines that a program said, all kept; whoever waits for one sees it whether it came before or comes after. */

export interface LineLog {
  add(line: string): void;
  /** No more come: whoever waits is told what was said instead. */
  end(): void;
  all(): readonly string[];
  /** The next line from number `from` on (0) that `isIt` accepts. Throws when the program ends before. */
  next(isIt: (line: string) => boolean, from?: number): Promise<string>;
}

interface Waiter {
  readonly look: () => boolean;
  readonly reject: (error: Error) => void;
}

export function createLineLog(): LineLog {
  const lines: string[] = [];
  const waiting = new Set<Waiter>();
  let isOver = false;
  const ended = (): Error => new Error(`it ended; it said:\n${lines.slice(-40).join('\n')}`);
  const wake = (): void => {
    for (const waiter of waiting) if (waiter.look()) waiting.delete(waiter);
  };
  return {
    add(line) {
      lines.push(line);
      wake();
    },
    end() {
      isOver = true;
      for (const { reject } of waiting) reject(ended());
      waiting.clear();
    },
    all: () => lines,
    next: async (isIt, from = 0) =>
      new Promise((resolve, reject) => {
        const look = (): boolean => {
          const found = lines.slice(from).find(isIt);
          if (found !== undefined) resolve(found);
          return found !== undefined;
        };
        if (look()) return;
        if (isOver) reject(ended());
        else waiting.add({ look, reject });
      }),
  };
}
