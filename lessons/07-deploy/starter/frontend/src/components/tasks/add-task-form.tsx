'use client';

import { Button } from '@/components/ui/button';
import { ErrorAlert } from '@/components/ui/error-alert';
import { Field } from '@/components/ui/field';
import { useForm } from '@/lib/use-form';
import styles from './add-task-form.module.css';
import { NEW_TASK } from './task-ids';

export function AddTaskForm({ onAdd }: { onAdd: (title: string) => Promise<void> }) {
  const { props, isPending, fields, alert } = useForm(['title'], async ({ title }) => {
    await onAdd(title);
    clearInput(title);
  });
  return (
    <form {...props} className={styles.form}>
      <div className={styles.row}>
        <Field
          label="New task"
          name="title"
          id={NEW_TASK}
          placeholder="What is to be done?"
          autoComplete="off"
          error={fields.title}
        />
        <Button type="submit" isPending={isPending}>
          Add task
        </Button>
      </div>
      {alert && <ErrorAlert error={alert} />}
    </form>
  );
}

/** Make room for the next task, unless somebody has begun to type it while this one was sent. */
function clearInput(sent: string): void {
  const input = document.getElementById(NEW_TASK);
  if (!(input instanceof HTMLInputElement)) return;
  if (input.value === sent) input.value = '';
  input.focus();
}
