'use client';

import { startTransition, useActionState, useOptimistic, useRef, useState, useTransition } from 'react';
import { completeTask, deleteTask, renameTask } from '@/app/actions';
import { Submit } from '@/components/submit';
import { TextInput } from '@/components/text-input';
import type { Task } from '@/lib/backend';
import { EMPTY, type FormState } from '@/lib/form-state';

export function TaskRow({ task }: { task: Task }) {
  const [isEditing, setIsEditing] = useState(false);
  const [isDone, showDone] = useOptimistic(task.status === 'completed');
  const [isTicking, startTicking] = useTransition();
  const [tickError, setTickError] = useState('');
  const [deletion, remove] = useActionState(() => deleteTask(task.id), EMPTY);
  const edit = useRef<HTMLButtonElement>(null);

  function tick(): void {
    if (isTicking) return;
    startTicking(async () => {
      showDone(!isDone);
      const { error } = await completeTask(task.id, !isDone);
      startTransition(() => setTickError(error));
    });
  }

  function stopEditing(): void {
    setIsEditing(false);
    edit.current?.focus();
  }

  return (
    <li>
      <div className="bar">
        <label>
          <input type="checkbox" checked={isDone} onChange={tick} /> {task.title}
        </label>
        <button
          ref={edit}
          type="button"
          aria-label={`Edit ${task.title}`}
          aria-expanded={isEditing}
          onClick={() => setIsEditing(!isEditing)}
        >
          Edit
        </button>
        <form action={remove}>
          <Submit label={`Delete ${task.title}`}>Delete</Submit>
        </form>
      </div>
      {isEditing && <TitleForm task={task} onClose={stopEditing} />}
      {(tickError || deletion.error) && <p role="alert">{tickError || deletion.error}</p>}
    </li>
  );
}

function TitleForm({ task, onClose }: { task: Task; onClose: () => void }) {
  const [{ typed, error, fields }, save] = useActionState(
    async (_: FormState, form: FormData) => {
      const state = await renameTask(task.id, form);
      if (!state.error && !Object.keys(state.fields).length) onClose();
      return state;
    },
    { ...EMPTY, typed: { title: task.title } },
  );
  return (
    <form action={save}>
      <TextInput
        label="Title"
        name="title"
        autoFocus
        defaultValue={typed.title}
        problem={fields.title}
      />
      {error && <p role="alert">{error}</p>}
      <Submit>Save</Submit>{' '}
      <button type="button" onClick={onClose}>
        Cancel
      </button>
    </form>
  );
}
