'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Task } from '@/domain/task';

type Props = {
  task: Task;
  isBusy: boolean;
  onTick: () => Promise<boolean>;
  onRename: (title: string) => Promise<boolean>;
  onRemove: () => Promise<boolean>;
};

export function TaskView({ task, isBusy, onTick, onRename, onRemove }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const edit = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  const isEditing = draft !== null;

  useEffect(() => {
    if (wasEditing.current && !isEditing) edit.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (await onRename(draft ?? '')) setDraft(null);
  }

  async function remove(): Promise<void> {
    dialog.current?.close();
    await onRemove();
  }

  return (
    <li aria-busy={isBusy}>
      <input
        id={`done-${task.id}`}
        type="checkbox"
        className="quiet"
        checked={task.status === 'completed'}
        onChange={() => void onTick()}
      />
      <label htmlFor={`done-${task.id}`}>
        <span className="box" aria-hidden="true">
          ✓
        </span>{' '}
        {task.title}
      </label>
      {isEditing ? (
        <form onSubmit={save}>
          <label htmlFor={`title-${task.id}`}>Title</label>{' '}
          <input
            id={`title-${task.id}`}
            autoFocus
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />{' '}
          <button type="submit">Save</button>{' '}
          <button type="button" onClick={() => setDraft(null)}>
            Cancel
          </button>
        </form>
      ) : (
        <span>
          {' '}
          <button ref={edit} type="button" onClick={() => setDraft(task.title)}>
            Edit <span className="quiet">{task.title}</span>
          </button>{' '}
          <button type="button" onClick={() => dialog.current?.showModal()}>
            Delete <span className="quiet">{task.title}</span>
          </button>
        </span>
      )}
      <dialog ref={dialog} aria-label={`Delete “${task.title}”`}>
        <p>It will be gone for good.</p>
        <button type="button" onClick={() => dialog.current?.close()}>
          Back
        </button>{' '}
        <button type="button" onClick={() => void remove()}>
          Delete
        </button>
      </dialog>
    </li>
  );
}
