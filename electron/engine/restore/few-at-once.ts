// Lets a few pieces of work run beside each other: many small files wait for the disk one by one, several share one wait.
// Promise: the first failure is thrown, and not before everything that was begun has ended.
export interface FewAtOnce {
  /** Begins the work once there is room. Throws what work before it failed with. */
  add(work: () => Promise<void>): Promise<void>;
  /** Resolves when all work has ended; throws the first failure. */
  finish(): Promise<void>;
  /** Waits for what was begun, whatever comes of it. */
  settle(): Promise<void>;
}

/** `most` at once. */
export function createFewAtOnce(most: number): FewAtOnce {
  const underWay = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  const throwFailure = (): void => {
    if (failure !== null) throw failure.error;
  };
  const settle = async (): Promise<void> => {
    await Promise.all(underWay);
  };
  return {
    settle,
    async add(work) {
      while (underWay.size >= most) await Promise.race(underWay);
      throwFailure();
      const running: Promise<void> = work()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => underWay.delete(running));
      underWay.add(running);
    },
    async finish() {
      await settle();
      throwFailure();
    },
  };
}
