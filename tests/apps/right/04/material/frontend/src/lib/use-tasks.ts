import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { fetchTasks } from './api';

export function useTasks(status: string) {
  const query = useInfiniteQuery({
    queryKey: ['tasks', status],
    queryFn: ({ pageParam }) => fetchTasks(status, pageParam),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((count, page) => count + page.items.length, 0);
      return last.items.length > 0 && loaded < last.total ? loaded : undefined;
    },
  });
  const loaded = query.data?.pages.flatMap((page) => page.items) ?? [];
  const tasks = [...new Map(loaded.map((task) => [task.id, task])).values()];
  return { ...query, tasks };
}

/** A change of the tasks that is sent once, however often it is asked for meanwhile. */
export function useTaskMutation<T>(mutationFn: (input: T) => Promise<void>) {
  const client = useQueryClient();
  const isRunning = useRef(false);
  const mutation = useMutation({
    mutationFn,
    onSuccess: () => client.invalidateQueries({ queryKey: ['tasks'] }),
    onSettled: () => {
      isRunning.current = false;
    },
  });

  function run(input: T): void {
    if (isRunning.current) return;
    isRunning.current = true;
    mutation.mutate(input);
  }

  return { ...mutation, run };
}
