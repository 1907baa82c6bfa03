'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useState } from 'react';
import { SWRConfig } from 'swr';
import useSWRInfinite from 'swr/infinite';
import { type Page, type Refusal, send, type Task } from './send';
import { useJob } from './use-job';

const CONFIG = {
  provider: () => new Map(),
  fetcher: (path: string) => send<Page>(path),
  revalidateOnFocus: false,
  shouldRetryOnError: false,
  dedupingInterval: 0,
};

export function Tasks() {
  return (
    <SWRConfig value={CONFIG}>
      <List />
    </SWRConfig>
  );
}

function List() {
  const [status, setStatus] = useState('');
  const [open, setOpen] = useState('');
  const router = useRouter();
  const { data, error, size, setSize, mutate, isValidating } = useSWRInfinite<Page, Refusal>(
    (index) => `/api/tasks?limit=50&offset=${index * 50}${status && `&status=${status}`}`,
  );
  const change = useJob();
  const more = useJob();
  const tasks = [...new Map((data ?? []).flatMap((p) => p.items).map((t) => [t.id, t])).values()];
  const total = data?.at(-1)?.total ?? 0;

  useEffect(() => {
    if (error?.status === 401) router.replace('/login');
  }, [error, router]);

  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById('new')?.focus();
  });

  function act(method: string, path: string, body?: object): void {
    change.start(async () => {
      await send(`/api/tasks${path}`, method, body);
      setOpen((id) => (path === `/${id}` ? '' : id));
      await mutate().catch(() => undefined);
    });
  }

  if (error?.status === 401) return null;
  return (
    <>
      <NewTask onAdded={() => mutate().catch(() => undefined)} />
      <p>
        <label htmlFor="filter">Status</label>{' '}
        <select id="filter" value={status} onChange={(event) => setStatus(event.target.value)}>
          <option value="">All</option>
          <option value="pending">Pending</option>
          <option value="in_progress">In progress</option>
          <option value="completed">Completed</option>
        </select>
      </p>
      {error && (
        <div>
          <p role="alert">{error.text}</p>
          <button
            aria-disabled={more.isBusy}
            onClick={() => more.start(async () => void (await mutate().catch(() => undefined)))}
          >
            Try again
          </button>
        </div>
      )}
      {change.refusal && <p role="alert">{change.refusal.text}</p>}
      {!data && !error && <p>Loading…</p>}
      {data && !tasks.length && <p>No tasks</p>}
      <ul>
        {tasks.map((task) => (
          <li key={task.id}>
            {open === task.id ? (
              <Rename
                task={task}
                isBusy={change.isBusy}
                onSave={(title) => act('PATCH', `/${task.id}`, { title })}
                onCancel={() => setOpen('')}
              />
            ) : (
              <Line
                task={task}
                onTick={(next) => act('PATCH', `/${task.id}`, { status: next })}
                onEdit={() => setOpen(task.id)}
                onDelete={() => act('DELETE', `/${task.id}`)}
              />
            )}
          </li>
        ))}
      </ul>
      {tasks.length < total && size * 50 < total && (
        <button
          aria-disabled={more.isBusy || isValidating}
          onClick={() => more.start(async () => void (await setSize(size + 1)))}
        >
          Load more
        </button>
      )}
    </>
  );
}

function NewTask({ onAdded }: { onAdded: () => Promise<unknown> }) {
  const { start, isBusy, refusal } = useJob();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const title = new FormData(form).get('title');
    start(async () => {
      await send('/api/tasks', 'POST', { title });
      form.reset();
      await onAdded();
    });
  }

  return (
    <form onSubmit={submit}>
      <label htmlFor="new">New task</label>{' '}
      <input id="new" name="title" aria-invalid={refusal !== null} />{' '}
      <button aria-disabled={isBusy}>Add task</button>
      {refusal && <p role="alert">{refusal.text}</p>}
    </form>
  );
}

type LineProps = {
  task: Task;
  onTick: (status: Task['status']) => void;
  onEdit: () => void;
  onDelete: () => void;
};

function Line({ task, onTick, onEdit, onDelete }: LineProps) {
  const isDone = task.status === 'completed';
  return (
    <>
      <input
        type="checkbox"
        id={task.id}
        checked={isDone}
        onChange={() => onTick(isDone ? 'pending' : 'completed')}
      />
      <label htmlFor={task.id}>{task.title}</label>{' '}
      <button onClick={onEdit} aria-label={`Edit ${task.title}`}>
        Edit
      </button>{' '}
      <button onClick={onDelete} aria-label={`Delete ${task.title}`}>
        Delete
      </button>
    </>
  );
}

type RenameProps = {
  task: Task;
  isBusy: boolean;
  onSave: (title: string) => void;
  onCancel: () => void;
};

function Rename({ task, isBusy, onSave, onCancel }: RenameProps) {
  const [title, setTitle] = useState(task.title);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave(title);
      }}
    >
      <label htmlFor="title">Title</label>{' '}
      <input
        id="title"
        autoFocus
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      />{' '}
      <button aria-disabled={isBusy}>Save</button>{' '}
      <button type="button" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
