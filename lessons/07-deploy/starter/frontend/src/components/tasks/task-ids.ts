/** Names of elements that the focus may be sent to. */

export const NEW_TASK = 'new-task';
export const LOAD_MORE = 'load-more';

export function checkboxId(taskId: string): string {
  return `task-${taskId}`;
}

export function editButtonId(taskId: string): string {
  return `edit-${taskId}`;
}
