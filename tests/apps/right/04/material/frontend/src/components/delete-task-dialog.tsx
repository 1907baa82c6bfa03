import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { useId } from 'react';
import { deleteTask } from '@/lib/api';
import type { Task } from '@/lib/schemas';
import { useTaskMutation } from '@/lib/use-tasks';
import { useToast } from './toast';

type Props = { task: Task; isOpen: boolean; onClose: () => void };

export function DeleteTaskDialog({ task, isOpen, onClose }: Props) {
  const id = useId();
  const showToast = useToast();
  const removal = useTaskMutation<void>(async () => {
    await deleteTask(task.id);
    showToast('Task deleted');
  });

  function close(): void {
    removal.reset();
    onClose();
  }

  return (
    <Dialog open={isOpen} onClose={close} aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      <DialogTitle id={`${id}-title`}>Delete this task?</DialogTitle>
      <DialogContent>
        <DialogContentText id={`${id}-text`} sx={{ overflowWrap: 'anywhere' }}>
          “{task.title}” cannot be brought back.
        </DialogContentText>
        {removal.isError && <Alert severity="error">{removal.error.message}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button color="error" autoFocus aria-disabled={removal.isPending} onClick={() => removal.run()}>
          Delete
        </Button>
      </DialogActions>
    </Dialog>
  );
}
