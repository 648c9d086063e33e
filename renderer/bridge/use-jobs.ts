// What is waiting or under way, live: asked once, then told by the agent.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Job } from '../../shared/model/job.ts';
import { useClient } from './client-context.ts';

const key = ['jobs', {}] as const;
const none: readonly Job[] = [];

/** Empty while nothing is known. */
export function useJobs(): readonly Job[] {
  const client = useClient();
  const cache = useQueryClient();
  useEffect(
    () =>
      client.onEvent((event) => {
        if (event.kind === 'jobs') cache.setQueryData(key, { jobs: event.jobs });
      }),
    [client, cache],
  );
  const { data } = useQuery({ queryKey: key, queryFn: async () => client.call('jobs', {}) });
  return data?.jobs ?? none;
}
