import { deleteTask } from '@/lib/api';
import type { Task } from '@/lib/schemas';
import { useTaskMutation } from '@/lib/use-tasks';
import { Alert } from './ui/alert';
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
  AlertDialogTrigger,
} from './ui/alert-dialog';
import { Button } from './ui/button';
import { DialogFooter } from './ui/dialog';

export function DeleteTaskDialog({ task }: { task: Task }) {
  const removal = useTaskMutation<void>(() => deleteTask(task.id));
  return (
    <AlertDialog onOpenChange={removal.reset}>
      <AlertDialogTrigger asChild>
        <Button variant="outline" aria-label={`Delete ${task.title}`}>
          Delete
        </Button>
      </AlertDialogTrigger>
      <AlertDialogContent>
        <AlertDialogTitle>Delete this task?</AlertDialogTitle>
        <AlertDialogDescription>“{task.title}” cannot be brought back.</AlertDialogDescription>
        {removal.isError && <Alert>{removal.error.message}</Alert>}
        <DialogFooter>
          <AlertDialogCancel asChild>
            <Button variant="outline">Cancel</Button>
          </AlertDialogCancel>
          <Button variant="destructive" aria-disabled={removal.isPending} onClick={() => removal.run()}>
            Delete
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
