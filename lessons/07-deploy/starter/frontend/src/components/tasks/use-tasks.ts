'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '@/lib/api-error';
import type { Filter, TaskPage } from '@/lib/task-page';
import { listTasks } from '@/services/tasks';

type Result = { filter: Filter; page: TaskPage } | { filter: Filter; error: ApiError };

export type Tasks = ReturnType<typeof useTasks>;

/** Load the first tasks that pass the filter, anew whenever the filter changes. */
export function useTasks(filter: Filter) {
  const [result, setResult] = useState<Result | null>(null);
  const running = useRef<AbortController | null>(null);

  const load = useCallback(async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const loaded = await loadFirstPage(filter, controller.signal);
    if (loaded) setResult(loaded);
  }, [filter]);

  useEffect(() => {
    void load();
    return () => running.current?.abort();
  }, [load]);

  const change = useCallback((update: (page: TaskPage) => TaskPage) => {
    setResult((now) => (now && 'page' in now ? { ...now, page: update(now.page) } : now));
  }, []);

  // What was loaded for another filter is not shown, not even for a moment.
  const current = result?.filter === filter ? result : null;
  return {
    filter,
    page: current && 'page' in current ? current.page : null,
    error: current && 'error' in current ? current.error : null,
    load,
    change,
  };
}

async function loadFirstPage(filter: Filter, signal: AbortSignal): Promise<Result | null> {
  try {
    const list = await listTasks(filter, 0, signal);
    return signal.aborted ? null : { filter, page: { filter, ...list } };
  } catch (error) {
    if (signal.aborted) return null;
    if (error instanceof ApiError) return { filter, error };
    throw error;
  }
}
