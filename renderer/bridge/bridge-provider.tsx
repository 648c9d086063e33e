// Client and query cache for everything below; events of the agent make answers stale by topic.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { WindowCallName } from '../../shared/ipc/contract.ts';
import { createClient } from './client.ts';
import { ClientContext } from './client-context.ts';
import { topicsOfCalls } from './use-call.ts';
import { jobsKey } from './use-jobs.ts';

interface BridgeProviderProps {
  readonly bridge: Bridge;
  readonly children: ReactNode;
}

export function BridgeProvider({ bridge, children }: BridgeProviderProps) {
  const [client] = useState(() => createClient(bridge));
  // The agent answers from this computer: a failure is an answer, not a bad connection, and is never tried again unasked.
  const [cache] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            retry: false,
            staleTime: Infinity,
            refetchOnWindowFocus: false,
            networkMode: 'always',
          },
          mutations: { retry: false, networkMode: 'always' },
        },
      }),
  );
  useEffect(
    () =>
      client.onEvent((event) => {
        if (event.kind === 'jobs') cache.setQueryData(jobsKey, { jobs: event.jobs });
        if (event.kind !== 'changed') return;
        void cache.invalidateQueries({
          predicate: ({ queryKey: [name] }) =>
            topicsOfCalls[name as WindowCallName]?.some((topic) => event.topics.includes(topic)) ??
            false,
        });
      }),
    [client, cache],
  );
  return (
    <ClientContext value={client}>
      <QueryClientProvider client={cache}>{children}</QueryClientProvider>
    </ClientContext>
  );
}
