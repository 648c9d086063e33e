// What quitting would end. Work that only waits for its turn is made up for at the next start and not worth a question.
import type { Job } from '../../shared/model/job.ts';

/** The work to ask about; null: nothing is under way. */
export function workThatEnds(jobs: readonly Job[]): Job | null {
  return jobs.find((job) => job.state !== 'waiting') ?? null;
}
