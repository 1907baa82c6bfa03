/** What the page says about tasks. */
import type { Filter, TaskPage } from '@/lib/task-page';
import type { TaskStatus } from '@/types';

export const statusLabels: Record<TaskStatus, string> = {
  pending: 'Pending',
  in_progress: 'In progress',
  completed: 'Completed',
};

export const statuses = Object.keys(statusLabels) as TaskStatus[];

export function describeCount({ items, total }: TaskPage): string {
  if (total === 0) return '';
  const all = total === 1 ? '1 task' : `${total} tasks`;
  return items.length < total ? `${items.length} of ${all}` : all;
}

export function describeEmpty(filter: Filter): string {
  if (filter === 'all') return 'No tasks yet. What is the first thing to do?';
  return `No tasks here: none is ${statusLabels[filter].toLowerCase()}.`;
}
