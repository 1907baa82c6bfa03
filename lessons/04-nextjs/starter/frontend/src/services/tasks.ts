/** The tasks of whoever is signed in. */
import { ApiError } from '@/lib/api-error'; // Goes with the TODO below.
import { callApi } from '@/lib/api-client';
import type { Filter } from '@/lib/task-page';
import type { NewTask, Task, TaskChanges, TaskList } from '@/types';

const PAGE_SIZE = 50;

export function listTasks(filter: Filter, offset: number, signal?: AbortSignal): Promise<TaskList> {
  // TODO L4.6: ask for PAGE_SIZE tasks from this offset on; a filter but `all` is the status.
  throw new ApiError('TODO L4.6: the tasks are not loaded yet.', 0);
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
