// Which pages a pass still has to hand out, slice by slice.
import type { PageRun } from './page-image.ts';

export interface PassCursor {
  /** Pages of the whole pass. */
  readonly pages: number;
  /** The next runs, at most `limit` pages together; empty at the end. */
  take(limit: number): readonly PageRun[];
}

/** A pass over these runs, in their order. */
export function startPass(runs: readonly PageRun[]): PassCursor {
  let index = 0;
  let done = 0;
  const take = (limit: number): readonly PageRun[] => {
    const taken: PageRun[] = [];
    let left = limit;
    for (let run = runs[index]; run !== undefined && left > 0; run = runs[index]) {
      const [first, count] = run;
      const part = Math.min(count - done, left);
      if (part > 0) taken.push([first + done, part]);
      left -= part;
      done += part;
      if (done < count) break;
      index += 1;
      done = 0;
    }
    return taken;
  };
  return { pages: countRunPages(runs), take };
}

/** Pages of all runs together. */
export function countRunPages(runs: readonly PageRun[]): number {
  return runs.reduce((sum, [, count]) => sum + count, 0);
}

/** All pages as one run. */
export function wholeRun(pageCount: number): readonly PageRun[] {
  return pageCount === 0 ? [] : [[0, pageCount]];
}

/** Single pages as ascending runs. */
export function toRuns(pages: Iterable<number>): readonly PageRun[] {
  const sorted = Float64Array.from(pages).sort();
  const runs: [number, number][] = [];
  for (const page of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && page === last[0] + last[1]) last[1] += 1;
    else if (last === undefined || page > last[0] + last[1]) runs.push([page, 1]);
  }
  return runs;
}
