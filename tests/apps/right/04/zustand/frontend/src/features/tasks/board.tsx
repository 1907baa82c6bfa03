'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useState } from 'react';
import { leave } from '~/features/session/session-store';
import { useToken } from '~/features/session/where-to';
import { useOnce } from '~/shared/once';
import { Item } from './item';
import { type Filter, forgetTasks, useTasks } from './task-store';

export function Board() {
  const token = useToken();
  const router = useRouter();
  const { state, load } = useTasks();

  useEffect(() => {
    if (token === null) return;
    if (!token) {
      router.replace('/login');
      return;
    }
    void load('');
    return forgetTasks;
  }, [token, load, router]);

  if (!token || state === 'new') return <p>Loading…</p>;
  return (
    <>
      <nav>
        <button type="button" onClick={leave}>
          Sign out
        </button>
      </nav>
      <h1>Tasks</h1>
      {state === 'failed' ? <Failed /> : <List />}
    </>
  );
}

function Failed() {
  const { error, load } = useTasks();
  const { once, busy } = useOnce();

  useEffect(() => rescueFocus, []);

  return (
    <>
      <p role="alert">{error}</p>
      <button type="button" aria-disabled={busy} onClick={() => once(() => load())}>
        Try again
      </button>
    </>
  );
}

/** When it has worked, the button that had the focus is gone. */
function rescueFocus(): void {
  if (document.activeElement === document.body) document.getElementById('new-task')?.focus();
}

function List() {
  const { tasks, total, filter, error, regret, load } = useTasks();
  return (
    <>
      <NewTask />
      {regret && <p role="alert">{regret}</p>}
      <label>
        Status
        <select value={filter} onChange={(event) => load(event.target.value as Filter)}>
          <option value="">All</option>
          <option value="pending">Pending</option>
          <option value="in_progress">In progress</option>
          <option value="completed">Completed</option>
        </select>
      </label>
      {error ? (
        <Failed />
      ) : tasks.length ? (
        <ul>
          {tasks.map((task) => (
            <Item key={task.id} task={task} />
          ))}
        </ul>
      ) : (
        <p>No tasks</p>
      )}
      {tasks.length < total && <More />}
    </>
  );
}

function NewTask() {
  const [title, setTitle] = useState('');
  const add = useTasks((store) => store.add);
  const { once, busy, error } = useOnce();

  function submit(event: FormEvent): void {
    event.preventDefault();
    void once(async () => {
      await add(title);
      setTitle('');
    });
  }

  return (
    <form onSubmit={submit}>
      <label>
        New task
        <input
          id="new-task"
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <button type="submit" aria-disabled={busy}>
        {busy ? 'Saving…' : 'Add task'}
      </button>
      {error && <p role="alert">{error}</p>}
    </form>
  );
}

function More() {
  const loadMore = useTasks((store) => store.loadMore);
  const { once, busy, error } = useOnce();

  function more(): void {
    void once(async () => {
      await loadMore();
      document.getElementById('new-task')?.focus();
    });
  }

  return (
    <>
      {error && <p role="alert">{error}</p>}
      <button type="button" aria-disabled={busy} onClick={more}>
        Load more
      </button>
    </>
  );
}
