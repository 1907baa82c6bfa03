import DeleteIcon from '@mui/icons-material/Delete';
import EditIcon from '@mui/icons-material/Edit';
import Alert from '@mui/material/Alert';
import Checkbox from '@mui/material/Checkbox';
import IconButton from '@mui/material/IconButton';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import { useState } from 'react';
import { updateTask } from '@/lib/api';
import type { Task } from '@/lib/schemas';
import { useTaskMutation } from '@/lib/use-tasks';
import { DeleteTaskDialog } from './delete-task-dialog';
import { EditTaskDialog } from './edit-task-dialog';

export function TaskItem({ task }: { task: Task }) {
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const tick = useTaskMutation((isDone: boolean) =>
    updateTask(task.id, { status: isDone ? 'completed' : 'pending' }),
  );
  const close = () => setOpen(null);
  const checked = tick.isPending ? tick.variables : task.status === 'completed';
  const labelId = `checkbox-list-label-${task.id}`;
  return (
    <ListItem
      disablePadding
      secondaryAction={
        <>
          <IconButton aria-label={`Edit ${task.title}`} onClick={() => setOpen('edit')}>
            <EditIcon />
          </IconButton>
          <IconButton edge="end" aria-label={`Delete ${task.title}`} onClick={() => setOpen('delete')}>
            <DeleteIcon />
          </IconButton>
        </>
      }
    >
      <ListItemButton role={undefined} onClick={() => tick.run(!checked)} dense sx={{ pr: 12 }}>
        <ListItemIcon>
          <Checkbox
            edge="start"
            checked={checked}
            tabIndex={-1}
            disableRipple
            slotProps={{ input: { 'aria-labelledby': labelId } }}
          />
        </ListItemIcon>
        <ListItemText id={labelId} primary={task.title} sx={{ overflowWrap: 'anywhere' }} />
      </ListItemButton>
      {tick.isError && <Alert severity="error">{tick.error.message}</Alert>}
      <EditTaskDialog task={task} isOpen={open === 'edit'} onClose={close} />
      <DeleteTaskDialog task={task} isOpen={open === 'delete'} onClose={close} />
    </ListItem>
  );
}
