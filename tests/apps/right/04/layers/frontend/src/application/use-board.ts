'use client';

import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { Result } from '@/domain/result';
import { type Filter, type Task, toggle } from '@/domain/task';
import { type Action, INITIAL, reduce } from './board-state';
import { useGuard, useServices } from './services';

export function useBoard() {
  const { tasks } = useServices();
  const guard = useGuard();
  const [state, dispatch] = useReducer(reduce, INITIAL);
  const running = useRef(new Set<string>());

  const load = useCallback(
    async (filter: Filter) => {
      const result = guard(await tasks.list(filter, 0));
      if (result.ok) dispatch({ type: 'loaded', filter, slice: result.value });
      else if (result.failure.kind !== 'unauthorised')
        dispatch({ type: 'loadFailed', filter, problem: result.failure.message });
    },
    [guard, tasks],
  );

  useEffect(() => void load('all'), [load]);

  /** Do one thing of a kind at a time; return whether it went well. */
  async function once<T>(
    key: string,
    work: () => Promise<Result<T>>,
    then: (value: T) => Action,
  ): Promise<boolean> {
    if (running.current.has(key)) return false;
    running.current.add(key);
    dispatch({ type: 'begun', key });
    const result = guard(await work());
    running.current.delete(key);
    if (result.ok) dispatch(then(result.value));
    dispatch({ type: 'ended', key, problem: result.ok ? '' : result.failure.message });
    return result.ok;
  }

  const { filter } = state;
  return {
    state,
    show(next: Filter): void {
      dispatch({ type: 'filtered', filter: next });
      void load(next);
    },
    retry: () => once('retry', () => tasks.list(filter, 0), (slice) => ({ type: 'loaded', filter, slice })),
    more: () =>
      once('more', () => tasks.list(filter, state.tasks.length), (slice) => ({ type: 'extended', filter, slice })),
    add: (title: string) => once('add', () => tasks.add(title), (task) => ({ type: 'added', task })),
    tick: (task: Task) =>
      once(
        task.id,
        () => tasks.change(task.id, { status: toggle(task) }),
        (changed) => ({ type: 'changed', task: changed }),
      ),
    rename: (task: Task, title: string) =>
      once(task.id, () => tasks.change(task.id, { title }), (changed) => ({ type: 'changed', task: changed })),
    remove: (task: Task) => once(task.id, () => tasks.remove(task.id), () => ({ type: 'removed', id: task.id })),
  };
}
