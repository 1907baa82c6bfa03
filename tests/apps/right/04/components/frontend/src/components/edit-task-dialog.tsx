import { zodResolver } from '@hookform/resolvers/zod';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { updateTask } from '@/lib/api';
import { type Task, type Title, titleSchema } from '@/lib/schemas';
import { useSubmit } from '@/lib/use-submit';
import { Button } from './ui/button';
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogTitle,
  DialogTrigger,
} from './ui/dialog';
import { Form, FormError, FormInput, FormSubmit } from './ui/form';

export function EditTaskDialog({ task }: { task: Task }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setIsOpen}>
      <DialogTrigger asChild>
        <Button variant="outline" aria-label={`Edit ${task.title}`}>
          Edit
        </Button>
      </DialogTrigger>
      <DialogContent>
        <DialogTitle>Edit task</DialogTitle>
        <DialogDescription>Give the task another title.</DialogDescription>
        <TitleForm task={task} onSaved={() => setIsOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

function TitleForm({ task, onSaved }: { task: Task; onSaved: () => void }) {
  const client = useQueryClient();
  const form = useForm<Title>({
    resolver: zodResolver(titleSchema),
    defaultValues: { title: task.title },
  });

  async function send(values: Title): Promise<void> {
    await updateTask(task.id, values);
    await client.invalidateQueries({ queryKey: ['tasks'] });
    onSaved();
  }

  const onSubmit = useSubmit(form, send);

  return (
    <Form form={form} onSubmit={onSubmit}>
      <FormInput name="title" label="Title" autoComplete="off" />
      <FormError />
      <DialogFooter>
        <DialogClose asChild>
          <Button variant="outline">Cancel</Button>
        </DialogClose>
        <FormSubmit>Save</FormSubmit>
      </DialogFooter>
    </Form>
  );
}
