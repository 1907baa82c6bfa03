import { zodResolver } from '@hookform/resolvers/zod';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useForm } from 'react-hook-form';
import { updateTask } from '@/lib/api';
import { type Task, type Title, titleSchema } from '@/lib/schemas';
import { useSubmit } from '@/lib/use-submit';
import { Form, FormError, FormField, FormSubmit } from './form';

type Props = { task: Task; isOpen: boolean; onClose: () => void };

export function EditTaskDialog({ task, isOpen, onClose }: Props) {
  const id = useId();
  return (
    <Dialog open={isOpen} onClose={onClose} fullWidth aria-labelledby={id}>
      <DialogTitle id={id}>Edit task</DialogTitle>
      <DialogContent>
        <TitleForm task={task} onClose={onClose} />
      </DialogContent>
    </Dialog>
  );
}

function TitleForm({ task, onClose }: Pick<Props, 'task' | 'onClose'>) {
  const client = useQueryClient();
  const form = useForm<Title>({
    resolver: zodResolver(titleSchema),
    defaultValues: { title: task.title },
  });

  async function send(values: Title): Promise<void> {
    await updateTask(task.id, values);
    await client.invalidateQueries({ queryKey: ['tasks'] });
    onClose();
  }

  return (
    <Form form={form} onSubmit={useSubmit(form, send)}>
      <FormField name="title" label="Title" margin="dense" variant="standard" autoFocus autoComplete="off" />
      <FormError />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <FormSubmit>Save</FormSubmit>
      </DialogActions>
    </Form>
  );
}
