'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';

const API = process.env.NEXT_PUBLIC_API_URL;

type Task = { id: string; title: string; status: string };

export default function Tasks() {
  const router = useRouter();
  const heading = useRef<HTMLHeadingElement>(null);
  const [user, setUser] = useState('');
  const [tasks, setTasks] = useState<Task[]>([]);
  const [total, setTotal] = useState(-1);
  const [filter, setFilter] = useState('');
  const [title, setTitle] = useState('');
  const [edited, setEdited] = useState('');
  const [newTitle, setNewTitle] = useState('');
  const [error, setError] = useState('');
  const [away, setAway] = useState(false);
  const [busy, setBusy] = useState(false);
  const latest = useRef(0);

  const load = useCallback(
    async (status: string, offset: number) => {
      const mine = ++latest.current;
      try {
        const headers = { Authorization: `Bearer ${localStorage.token}` };
        const me = await fetch(`${API}/api/auth/me`, { headers });
        if (me.status === 401) {
          localStorage.removeItem('token');
          router.replace('/login');
          return;
        }
        const query = `limit=50&offset=${offset}${status && `&status=${status}`}`;
        const response = await fetch(`${API}/api/tasks?${query}`, { headers });
        const { items, total } = await response.json();
        if (!me.ok || !response.ok) throw new Error('refused');
        const { email } = await me.json();
        if (mine !== latest.current) return;
        setUser(email);
        setTasks((old) => {
          const kept = offset ? old : [];
          return [...kept, ...items.filter((item: Task) => !kept.some((t) => t.id === item.id))];
        });
        setTotal(total);
        setAway(false);
      } catch {
        if (mine !== latest.current) return;
        if (!offset) setTasks([]);
        setAway(true);
      }
    },
    [router],
  );

  useEffect(() => {
    load('', 0);
  }, [load]);

  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  });

  // Send a change, and tell whether it was taken.
  async function send(method: string, path: string, body?: object) {
    if (busy) return false;
    setBusy(true);
    setError('');
    try {
      const response = await fetch(`${API}/api/tasks${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${localStorage.token}`,
          'Content-Type': 'application/json',
        },
        body: body && JSON.stringify(body),
      });
      if (response.ok) return true;
      if (response.status === 401) {
        localStorage.removeItem('token');
        router.replace('/login');
        return false;
      }
      const { detail } = await response.json();
      setError(typeof detail === 'string' ? detail : detail[0].msg);
    } catch {
      setError('The backend cannot be reached.');
    } finally {
      setBusy(false);
    }
    return false;
  }

  async function add() {
    if (await send('POST', '', { title })) {
      setTitle('');
      load(filter, 0);
    }
  }

  async function save(id: string) {
    if (await send('PATCH', `/${id}`, { title: newTitle })) {
      setEdited('');
      load(filter, 0);
    }
  }

  async function tick(task: Task) {
    const status = task.status === 'completed' ? 'pending' : 'completed';
    if (await send('PATCH', `/${task.id}`, { status })) load(filter, 0);
  }

  async function remove(id: string) {
    if (await send('DELETE', `/${id}`)) load(filter, 0);
  }

  return (
    <main>
      <title>Tasks</title>
      <h1 ref={heading} tabIndex={-1}>
        Tasks
      </h1>
      {away && (
        <p>
          <span role="alert">The backend cannot be reached.</span>{' '}
          <button
            onClick={async () => {
              if (busy) return;
              setBusy(true);
              await load(filter, 0);
              setBusy(false);
            }}
          >
            Try again
          </button>
        </p>
      )}
      {user && (
        <>
          <p>
            {user}{' '}
            <button
              onClick={() => {
                localStorage.removeItem('token');
                router.replace('/login');
              }}
            >
              Sign out
            </button>
          </p>
          <p>
            <label>
              New task{' '}
              <input value={title} onChange={(event) => setTitle(event.target.value)} />
            </label>{' '}
            <button aria-disabled={busy} onClick={add}>
              Add task
            </button>
          </p>
          <p role="alert">{error}</p>
          <p>
            <label htmlFor="status">Status</label>{' '}
            <select
              id="status"
              value={filter}
              onChange={(event) => {
                setFilter(event.target.value);
                load(event.target.value, 0);
              }}
            >
              <option value="">All</option>
              <option value="pending">Pending</option>
              <option value="in_progress">In progress</option>
              <option value="completed">Completed</option>
            </select>
          </p>
          {total === 0 && <p>No tasks</p>}
          <ul>
            {tasks.map((task) => (
              <li key={task.id}>
                <input
                  type="checkbox"
                  aria-label={task.title}
                  checked={task.status === 'completed'}
                  onChange={() => tick(task)}
                />{' '}
                {task.title}{' '}
                {edited === task.id ? (
                  <>
                    <label>
                      Title{' '}
                      <input
                        autoFocus
                        value={newTitle}
                        onChange={(event) => setNewTitle(event.target.value)}
                      />
                    </label>{' '}
                    <button onClick={() => save(task.id)}>Save</button>{' '}
                    <button onClick={() => setEdited('')}>Cancel</button>
                  </>
                ) : (
                  <>
                    <button
                      aria-label={`Edit ${task.title}`}
                      onClick={() => {
                        setEdited(task.id);
                        setNewTitle(task.title);
                      }}
                    >
                      ✎
                    </button>{' '}
                    <button aria-label={`Delete ${task.title}`} onClick={() => remove(task.id)}>
                      ✕
                    </button>
                  </>
                )}
              </li>
            ))}
          </ul>
          {tasks.length < total && (
            <button
              onClick={async () => {
                if (busy) return;
                setBusy(true);
                await load(filter, tasks.length);
                setBusy(false);
              }}
            >
              Load more
            </button>
          )}
        </>
      )}
    </main>
  );
}
