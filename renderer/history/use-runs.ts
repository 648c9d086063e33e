// Runs of the history by a filter, newest first, a page at a time.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Run } from '../../shared/model/run.ts';
import { useClient } from '../bridge/client-context.ts';
import type { RunFilter } from './history-filters.tsx';

const PAGE = 200;

export interface FoundRuns {
  readonly runs: readonly Run[];
  readonly pages: number;
  readonly error: Error | null;
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly canLoadMore: boolean;
  readonly loadMore: () => void;
  readonly tryAgain: () => void;
}

export function useRuns(filter: RunFilter): FoundRuns {
  const client = useClient();
  const query = useInfiniteQuery({
    // The name of the call comes first: by it the agent's events make the answer stale.
    queryKey: ['runs', 'by page', filter],
    queryFn: async ({ pageParam }) =>
      client.call('runs', { ...filter, beforeMs: pageParam, limit: PAGE }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ runs, hasMore }) => (hasMore ? (runs.at(-1)?.startedAtMs ?? null) : null),
  });
  const { data, fetchNextPage, refetch } = query;
  const runs = useMemo(() => data?.pages.flatMap((page) => page.runs) ?? [], [data]);
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const tryAgain = useCallback(() => void refetch(), [refetch]);
  return {
    runs,
    pages: data?.pages.length ?? 0,
    // What is there already stays; only without it a failure takes its place.
    error: data === undefined ? query.error : null,
    isLoading: query.isLoading,
    isLoadingMore: query.isFetchingNextPage,
    canLoadMore: query.hasNextPage,
    loadMore,
    tryAgain,
  };
}
