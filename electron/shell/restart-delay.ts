// When an agent that ended by itself is started again: soon at first, slowly when it keeps ending, and never not at all.

/** Deaths longer ago than this no longer count. */
export const DEATH_WINDOW_MS = 10 * 60_000;
/** So many within the window, and the user is told. */
export const TOO_MANY_DEATHS = 5;

const delaysMs = [1_000, 2_000, 5_000, 15_000, 60_000] as const;

/** The deaths that still count at `nowMs`. */
export function recentDeaths(deathsMs: readonly number[], nowMs: number): number[] {
  return deathsMs.filter((atMs) => nowMs - atMs < DEATH_WINDOW_MS);
}

/** How long to wait after the newest of `recent` deaths, which counts itself. */
export function restartDelayMs(recent: number): number {
  const step = Math.min(Math.max(recent, 1), delaysMs.length) - 1;
  return delaysMs[step] ?? delaysMs[delaysMs.length - 1] ?? 60_000;
}
