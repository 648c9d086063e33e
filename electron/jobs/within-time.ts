// Questions to disks and shares that may never answer: what comes too late is taken as no answer.
// Real time, not the engine's clock: it is the hardware that is waited for.

/**
 * What `work` resolves with, or `late` after `ms`; throws the signal's reason as soon as it aborts. The work itself cannot
 * be stopped; its end is then nobody's business.
 */
export async function withinTime<T, L>(
  ms: number,
  work: Promise<T>,
  late: L,
  signal: AbortSignal | null = null,
): Promise<T | L> {
  const { promise: patience, resolve, reject } = Promise.withResolvers<L>();
  const timer = setTimeout(() => resolve(late), ms);
  const stop = (): void => reject(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    work.catch(() => undefined);
    patience.catch(() => undefined);
  }
}
