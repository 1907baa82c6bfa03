export const STATUSES = ['pending', 'in_progress', 'completed'] as const;
export type Status = (typeof STATUSES)[number];
export type Filter = Status | 'all';

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
}

export interface Slice {
  readonly items: readonly Task[];
  readonly total: number;
}

export const PAGE_SIZE = 50;

export function toggle(task: Task): Status {
  return task.status === 'completed' ? 'pending' : 'completed';
}

export function matches(task: Task, filter: Filter): boolean {
  return filter === 'all' || task.status === filter;
}
