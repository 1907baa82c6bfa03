import { zodResolver } from '@hookform/resolvers/zod';
import { useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { createTask } from '@/lib/api';
import { type Title, titleSchema } from '@/lib/schemas';
import { useSubmit } from '@/lib/use-submit';
import { Form, FormError, FormField, FormSubmit } from './form';

export function NewTaskForm() {
  const client = useQueryClient();
  const form = useForm<Title>({ resolver: zodResolver(titleSchema), defaultValues: { title: '' } });

  async function send({ title }: Title): Promise<void> {
    await createTask(title);
    form.reset();
    await client.invalidateQueries({ queryKey: ['tasks'] });
  }

  const onSubmit = useSubmit(form, send);

  return (
    <Form form={form} onSubmit={onSubmit}>
      <FormField name="title" label="New task" autoComplete="off" />
      <FormError />
      <FormSubmit>Add task</FormSubmit>
    </Form>
  );
}
