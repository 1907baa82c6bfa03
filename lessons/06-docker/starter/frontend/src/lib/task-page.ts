/** The tasks that the page has so far, and how each change of a task changes them. */
import type { Task, TaskList, TaskStatus } from '@/types';

export type Filter = 'all' | TaskStatus;

export type TaskPage = {
  filter: Filter;
  items: Task[];
  /** How many there are at the backend, with this filter. */
  total: number;
};

export function passesFilter(filter: Filter, task: Task): boolean {
  return filter === 'all' || task.status === filter;
}

/** Put a new task on top, unless the filter hides it or it has come with the list already. */
export function addTask(page: TaskPage, task: Task): TaskPage {
  const isKnown = page.items.some((item) => item.id === task.id);
  if (isKnown || !passesFilter(page.filter, task)) return page;
  return { ...page, items: [task, ...page.items], total: page.total + 1 };
}

/**
 * Put a changed task in its place, or take it out when it fits the filter no more. One that was
 * deleted while the change was under way stays away.
 */
export function replaceTask(page: TaskPage, task: Task): TaskPage {
  if (!passesFilter(page.filter, task)) return removeTask(page, task.id);
  return { ...page, items: page.items.map((item) => (item.id === task.id ? task : item)) };
}

export function removeTask(page: TaskPage, id: string): TaskPage {
  const items = page.items.filter((item) => item.id !== id);
  return { ...page, items, total: page.total - (page.items.length - items.length) };
}

/**
 * Append the next tasks. Some may be here already: when a task is added elsewhere, all others move
 * down by one. When nothing is new, this is the end, whatever the total says.
 */
export function appendTasks(page: TaskPage, next: TaskList): TaskPage {
  const known = new Set(page.items.map((item) => item.id));
  const fresh = next.items.filter((item) => !known.has(item.id));
  const items = [...page.items, ...fresh];
  return { ...page, items, total: fresh.length > 0 ? next.total : items.length };
}

/** Return the task that takes the place of this one when it goes: the next, else the one before. */
export function findNeighbour(items: Task[], id: string): Task | undefined {
  const index = items.findIndex((item) => item.id === id);
  return items[index + 1] ?? items[index - 1];
}
