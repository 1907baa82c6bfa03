import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Task, type TaskPage } from '@/lib/api';
import { useSingle } from '@/lib/use-single';

type Pages = InfiniteData<TaskPage, number>;

export function useTaskList(status: string) {
  const query = useInfiniteQuery({
    queryKey: ['tasks', status],
    queryFn: ({ pageParam }) => api.list(status, pageParam),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const loaded = all.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length && loaded < last.total ? loaded : undefined;
    },
  });
  const tasks = query.data?.pages.flatMap((page) => page.items) ?? [];
  const unique = [...new Map(tasks.map((task) => [task.id, task])).values()];
  return { ...query, tasks: unique };
}

export function useTaskMutations() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['tasks'] });
  return {
    add: { mutationFn: api.add, onSuccess: refresh },
    rename: { mutationFn: api.change, onSuccess: refresh },
    remove: { mutationFn: api.remove, onSuccess: refresh },
  };
}

/** Tick a task at once, and take it back if the backend refuses. */
export function useTick(status: string) {
  const client = useQueryClient();
  const key = ['tasks', status];
  return useSingle({
    mutationFn: api.change,
    async onMutate(changed: Pick<Task, 'id' | 'status'>) {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<Pages>(key);
      client.setQueryData<Pages>(key, (now) => now && mapTasks(now, changed));
      return before;
    },
    onError(_error, _changed, before) {
      client.setQueryData(key, before);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['tasks'] }),
  });
}

function mapTasks(data: Pages, changed: Pick<Task, 'id' | 'status'>): Pages {
  const change = (task: Task) => (task.id === changed.id ? { ...task, ...changed } : task);
  const pages = data.pages.map((page) => ({ ...page, items: page.items.map(change) }));
  return { ...data, pages };
}
