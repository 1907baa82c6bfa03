'use client';

import { type FormEvent, useState } from 'react';
import { Modal } from '~/shared/modal';
import { useOnce } from '~/shared/once';
import { type Task, useTasks } from './task-store';

export function Item({ task }: { task: Task }) {
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const change = useTasks((store) => store.change);
  const { once, busy, error } = useOnce();
  const isDone = task.status === 'completed';
  const close = () => setOpen(null);

  return (
    <li aria-busy={busy}>
      <input
        type="checkbox"
        aria-labelledby={`title-${task.id}`}
        checked={isDone}
        onChange={() => once(() => change(task.id, { status: isDone ? 'pending' : 'completed' }))}
      />
      <span id={`title-${task.id}`}>{task.title}</span>
      <button type="button" title={`Edit ${task.title}`} onClick={() => setOpen('edit')}>
        <span aria-hidden="true">✎</span>
      </button>
      <button type="button" title={`Delete ${task.title}`} onClick={() => setOpen('delete')}>
        <span aria-hidden="true">✕</span>
      </button>
      {error && <p role="alert">{error}</p>}
      {open === 'edit' && <Edit task={task} onClose={close} />}
      {open === 'delete' && <Delete task={task} onClose={close} />}
    </li>
  );
}

type DialogProps = { task: Task; onClose: () => void };

function Edit({ task, onClose }: DialogProps) {
  const [title, setTitle] = useState(task.title);
  const change = useTasks((store) => store.change);
  const { once, busy, error } = useOnce();

  function submit(event: FormEvent): void {
    event.preventDefault();
    void once(async () => {
      await change(task.id, { title });
      onClose();
    });
  }

  return (
    <Modal title="Edit the task" onClose={onClose}>
      <form onSubmit={submit}>
        <label>
          Title
          <input value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
        {error && <p role="alert">{error}</p>}
        <button type="submit" aria-disabled={busy}>
          Save
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </form>
    </Modal>
  );
}

function Delete({ task, onClose }: DialogProps) {
  const remove = useTasks((store) => store.remove);
  return (
    <Modal role="alertdialog" title={`Really delete “${task.title}”?`} onClose={onClose}>
      <p>Really delete “{task.title}”?</p>
      <button type="button" onClick={onClose}>
        Keep it
      </button>
      <button type="button" onClick={() => remove(task.id)}>
        Delete
      </button>
    </Modal>
  );
}
