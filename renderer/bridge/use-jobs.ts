// What is waiting or under way, live: asked once, then told by the agent (bridge-provider.tsx hears it, whatever screen
// stands there).
import { useQuery } from '@tanstack/react-query';
import type { Job } from '../../shared/model/job.ts';
import { useClient } from './client-context.ts';

export const jobsKey = ['jobs', {}] as const;
const none: readonly Job[] = [];

/** Empty while nothing is known. */
export function useJobs(): readonly Job[] {
  const client = useClient();
  const { data } = useQuery({ queryKey: jobsKey, queryFn: async () => client.call('jobs', {}) });
  return data?.jobs ?? none;
}
