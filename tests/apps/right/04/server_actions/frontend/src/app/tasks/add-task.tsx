'use client';

import { useActionState } from 'react';
import { addTask } from '@/app/actions';
import { Submit } from '@/components/submit';
import { TextInput } from '@/components/text-input';
import { EMPTY } from '@/lib/form-state';

export function AddTask() {
  const [{ typed, error, fields }, action] = useActionState(addTask, EMPTY);
  return (
    <form action={action}>
      <TextInput label="New task" name="title" defaultValue={typed.title} problem={fields.title} />
      {error && <p role="alert">{error}</p>}
      <Submit>Add task</Submit>
    </form>
  );
}
