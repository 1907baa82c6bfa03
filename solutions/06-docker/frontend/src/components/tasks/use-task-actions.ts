'use client';

/** What can be done with tasks. Each asks the backend, shows its answer, and says what was done. */
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { ApiError } from '@/lib/api-error';
import { rescueFocus } from '@/lib/focus';
import {
  addTask,
  appendTasks,
  findNeighbour,
  passesFilter,
  removeTask,
  replaceTask,
  type TaskPage,
} from '@/lib/task-page';
import { createTask, deleteTask, listTasks, updateTask } from '@/services/tasks';
import type { Task, TaskChanges } from '@/types';
import { checkboxId, LOAD_MORE, NEW_TASK } from './task-ids';
import { statusLabels } from './task-words';
import type { Tasks } from './use-tasks';

export function useTaskActions({ filter, page, load, change }: Tasks) {
  const [news, setNews] = useState({ text: '', number: 0 });

  /** The number makes the same words twice in a row news again. */
  function tell(text: string): void {
    setNews(({ number }) => ({ text, number: number + 1 }));
  }

  /** Show a change at once. If the focus was on what is gone now, the task's neighbour gets it. */
  function show(update: (page: TaskPage) => TaskPage, taskId?: string): void {
    const neighbour = page && taskId ? findNeighbour(page.items, taskId) : undefined;
    flushSync(() => change(update));
    rescueFocus(neighbour && checkboxId(neighbour.id), NEW_TASK);
  }

  return {
    news,

    async add(title: string): Promise<void> {
      const task = await createTask({ title });
      if (page) show((now) => addTask(now, task));
      else void load();
      const isHidden = !passesFilter(filter, task);
      tell(`Added “${task.title}”.${isHidden ? ' The filter hides it.' : ''}`);
    },

    async edit(task: Task, changes: TaskChanges): Promise<void> {
      const changed = await updateTask(task.id, changes);
      show((now) => replaceTask(now, changed), task.id);
      const isMoved = changed.status !== task.status;
      tell(`Saved “${changed.title}”.${isMoved ? ` ${statusLabels[changed.status]}.` : ''}`);
    },

    async remove(task: Task): Promise<void> {
      await deleteTask(task.id).catch(ignoreMissing);
      show((now) => removeTask(now, task.id), task.id);
      tell(`Deleted “${task.title}”.`);
    },

    async loadMore(shown: TaskPage): Promise<void> {
      const next = await listTasks(filter, shown.items.length);
      const first = appendTasks(shown, next).items[shown.items.length];
      const isWaiting = document.activeElement?.id === LOAD_MORE;
      show((now) => (now.filter === filter ? appendTasks(now, next) : now));
      if (isWaiting && first) document.getElementById(checkboxId(first.id))?.focus();
    },
  };
}

/** A task that is gone already, deleted in another tab, is as gone as it was meant to be. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 404) throw error;
}
