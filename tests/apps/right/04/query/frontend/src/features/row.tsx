'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Task } from '@/lib/api';
import { useSingle } from '@/lib/use-single';
import { useTaskMutations, useTick } from './tasks';

type Mode = 'read' | 'edit' | 'delete';

export function Row({ task, filter }: { task: Task; filter: string }) {
  const [mode, setMode] = useState<Mode>('read');
  const tick = useTick(filter);
  const isDone = task.status === 'completed';
  const editButton = useRef<HTMLButtonElement>(null);
  const last = useRef<Mode>('read');

  useEffect(() => {
    if (mode === 'read' && last.current !== 'read') editButton.current?.focus();
    last.current = mode;
  }, [mode]);

  const close = () => setMode('read');
  if (mode === 'edit') return <TitleForm task={task} onClose={close} />;
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={isDone}
          onChange={() => tick.run({ id: task.id, status: isDone ? 'pending' : 'completed' })}
        />{' '}
        {task.title}
      </label>{' '}
      <button
        ref={editButton}
        type="button"
        aria-label={`Edit ${task.title}`}
        onClick={() => setMode('edit')}
      >
        Edit
      </button>{' '}
      <button type="button" aria-label={`Delete ${task.title}`} onClick={() => setMode('delete')}>
        Delete …
      </button>
      {tick.error && <p role="alert">{tick.error.message}</p>}
      {mode === 'delete' && <Question task={task} onClose={close} />}
    </li>
  );
}

function TitleForm({ task, onClose }: { task: Task; onClose: () => void }) {
  const { rename } = useTaskMutations();
  const saving = useSingle({
    ...rename,
    async onSuccess() {
      await rename.onSuccess();
      onClose();
    },
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get('title'));
    saving.run({ id: task.id, title });
  }

  return (
    <li>
      <form onSubmit={submit}>
        <label>
          Title <input name="title" defaultValue={task.title} autoFocus />
        </label>{' '}
        <button type="submit" aria-disabled={saving.isPending}>
          Save
        </button>{' '}
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        {saving.error && <p role="alert">{saving.error.message}</p>}
      </form>
    </li>
  );
}

function Question({ task, onClose }: { task: Task; onClose: () => void }) {
  const { remove } = useTaskMutations();
  const removing = useSingle(remove);
  return (
    <div role="dialog" aria-label={`Delete “${task.title}” for good?`}>
      <button type="button" autoFocus onClick={() => removing.run(task.id)}>
        Delete
      </button>{' '}
      <button type="button" onClick={onClose}>
        Keep
      </button>
      {removing.error && <p role="alert">{removing.error.message}</p>}
    </div>
  );
}
