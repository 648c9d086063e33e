// Questions to disks and shares that may never answer: what comes too late is taken as no answer.
// Real time, not the engine's clock: it is the hardware that is waited for.

/** What `work` resolves with, or `late` after `ms`. The work itself cannot be stopped; its end is then nobody's business. */
export async function withinTime<T, L>(ms: number, work: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), ms);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
