/** Says what the chatbot does, in words. */
import type { ToolUse } from '@/lib/chat-log';

const words: Record<string, Record<ToolUse['status'], string>> = {
  list_tasks: {
    running: 'Looking at your tasks…',
    completed: 'Looked at your tasks',
    failed: 'Could not look at your tasks',
  },
  create_task: {
    running: 'Adding a task…',
    completed: 'Added a task',
    failed: 'Could not add a task',
  },
  update_task: {
    running: 'Changing a task…',
    completed: 'Changed a task',
    failed: 'Could not change a task',
  },
  delete_task: {
    running: 'Deleting a task…',
    completed: 'Deleted a task',
    failed: 'Could not delete a task',
  },
};

const other = { running: 'Using a tool…', completed: 'Used a tool', failed: 'A tool failed' };

export function describeTool({ name, status }: ToolUse): string {
  const known = Object.hasOwn(words, name) ? words[name] : undefined;
  return (known ?? other)[status];
}
