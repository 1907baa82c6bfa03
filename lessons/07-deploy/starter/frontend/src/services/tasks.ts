/** The tasks of whoever is signed in. */
import { callApi } from '@/lib/api-client';
import type { Filter } from '@/lib/task-page';
import type { NewTask, Task, TaskChanges, TaskList } from '@/types';

const PAGE_SIZE = 50;

export function listTasks(filter: Filter, offset: number, signal?: AbortSignal): Promise<TaskList> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), offset: String(offset) });
  if (filter !== 'all') query.set('status', filter);
  return callApi(`/api/tasks?${query}`, { signal });
}

export function createTask(task: NewTask): Promise<Task> {
  return callApi('/api/tasks', { method: 'POST', json: task });
}

export function updateTask(id: string, changes: TaskChanges): Promise<Task> {
  return callApi(`/api/tasks/${id}`, { method: 'PATCH', json: changes });
}

export function deleteTask(id: string): Promise<void> {
  return callApi(`/api/tasks/${id}`, { method: 'DELETE' });
}
