import { updateTask } from '@/lib/api';
import type { Task } from '@/lib/schemas';
import { useTaskMutation } from '@/lib/use-tasks';
import { DeleteTaskDialog } from './delete-task-dialog';
import { EditTaskDialog } from './edit-task-dialog';
import { Alert } from './ui/alert';
import { Checkbox } from './ui/checkbox';
import { Label } from './ui/label';

export function TaskItem({ task }: { task: Task }) {
  const tick = useTaskMutation((isDone: boolean) =>
    updateTask(task.id, { status: isDone ? 'completed' : 'pending' }),
  );

  return (
    <li className="grid gap-2 rounded-md border p-3">
      <div className="flex flex-wrap items-center gap-2">
        <Checkbox
          id={task.id}
          checked={tick.isPending ? tick.variables : task.status === 'completed'}
          onCheckedChange={(checked) => tick.run(checked === true)}
        />
        <Label htmlFor={task.id} className="min-w-0 flex-1 wrap-anywhere">
          {task.title}
        </Label>
        <EditTaskDialog task={task} />
        <DeleteTaskDialog task={task} />
      </div>
      {tick.isError && <Alert>{tick.error.message}</Alert>}
    </li>
  );
}
