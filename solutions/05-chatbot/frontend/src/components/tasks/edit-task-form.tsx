'use client';

import type { KeyboardEvent } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorAlert } from '@/components/ui/error-alert';
import { Field, SelectField, TextField } from '@/components/ui/field';
import { useForm } from '@/lib/use-form';
import type { Task, TaskChanges } from '@/types';
import styles from './edit-task-form.module.css';
import { statuses, statusLabels } from './task-words';

type Props = {
  task: Task;
  onSave: (changes: TaskChanges) => Promise<void>;
  onClose: () => void;
};

export function EditTaskForm({ task, onSave, onClose }: Props) {
  const names = ['title', 'description', 'status'] as const;
  const { props, isPending, fields, alert } = useForm(names, async (values) => {
    const changes = findChanges(task, values);
    if (Object.keys(changes).length > 0) await onSave(changes);
    onClose();
  });

  function cancel(): void {
    if (!isPending) onClose();
  }

  function cancelOnEscape({ key, nativeEvent }: KeyboardEvent): void {
    // Escape also ends the choice of a character, where they are composed of several keys.
    if (key === 'Escape' && !nativeEvent.isComposing) cancel();
  }

  return (
    <form
      {...props}
      aria-label={`Task ${task.title}`}
      className={styles.form}
      onKeyDown={cancelOnEscape}
    >
      <Field
        label="Title"
        name="title"
        defaultValue={task.title}
        autoComplete="off"
        // Whoever pressed Edit wants to write here.
        autoFocus
        error={fields.title}
      />
      <TextField
        label="Description"
        name="description"
        defaultValue={task.description ?? ''}
        error={fields.description}
      />
      <SelectField label="Progress" name="status" defaultValue={task.status} error={fields.status}>
        {statuses.map((status) => (
          <option key={status} value={status}>
            {statusLabels[status]}
          </option>
        ))}
      </SelectField>
      {alert && <ErrorAlert error={alert} />}
      <div className={styles.buttons}>
        <Button type="submit" isPending={isPending}>
          Save
        </Button>
        <Button look="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** Find what was changed: the rest is not sent, so that it cannot undo a change made elsewhere. */
function findChanges(
  task: Task,
  values: { title: string; description: string; status: string },
): TaskChanges {
  const changes: TaskChanges = {};
  const status = statuses.find((known) => known === values.status);
  if (values.title !== task.title) changes.title = values.title;
  if (values.description !== (task.description ?? '')) {
    changes.description = values.description || null;
  }
  if (status && status !== task.status) changes.status = status;
  return changes;
}
