// Questions and orders over the bridge, through TanStack Query. Questions are asked anew when the agent says that their
// topic changed; orders tell nobody: the agent's events do.
import {
  keepPreviousData,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { CallOutput, CallRequest, Topic, WindowCallName } from '../../shared/ipc/contract.ts';
import { useClient } from './client-context.ts';

/** Which answers change with which topic. Calls that are not here are asked once for each use. */
export const topicsOfCalls: Readonly<Partial<Record<WindowCallName, readonly Topic[]>>> = {
  overview: ['overview', 'runs'],
  timeline: ['overview', 'runs'],
  oneClick: ['overview', 'runs'],
  runs: ['runs'],
  notices: ['notices'],
  settings: ['settings'],
  shellInfo: ['settings'],
};

export interface AskOptions {
  /** False: not yet. */
  readonly enabled?: boolean;
  /** Asks again after this time, milliseconds. */
  readonly everyMs?: number;
  /** Asked anew at each entry; an old answer is never shown. */
  readonly isFresh?: boolean;
  /** While another input is asked for, the answer to the one before stays. */
  readonly keepsPrevious?: boolean;
}

/** Asks, and keeps the answer until its topic changes. */
export function useAsk<N extends WindowCallName>(
  name: N,
  input: CallRequest<N>,
  { enabled = true, everyMs, isFresh = false, keepsPrevious = false }: AskOptions = {},
): UseQueryResult<CallOutput<N>> {
  const client = useClient();
  return useQuery({
    queryKey: [name, input],
    queryFn: async () => client.call(name, input),
    enabled,
    ...(isFresh ? { gcTime: 0, staleTime: 0 } : {}),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/** An order, carried out when `mutate` is called. */
export function useOrder<N extends WindowCallName>(
  name: N,
): UseMutationResult<CallOutput<N>, Error, CallRequest<N>> {
  const client = useClient();
  return useMutation({ mutationFn: async (input: CallRequest<N>) => client.call(name, input) });
}
