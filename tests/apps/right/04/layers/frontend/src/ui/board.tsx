'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useServices } from '@/application/services';
import { useBoard } from '@/application/use-board';
import { type Filter, STATUSES } from '@/domain/task';
import { TaskView } from './task-view';

const WORDS = { all: 'All', pending: 'Pending', in_progress: 'In progress', completed: 'Completed' };
const FILTERS: Filter[] = ['all', ...STATUSES];

export function Board() {
  const board = useBoard();
  const { session } = useServices();
  const router = useRouter();
  const { filter, phase, tasks, total, problem, busy } = board.state;
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  });

  function signOut(): void {
    session.clear();
    router.replace('/login');
  }

  if (phase === 'opening') return <p role="status">Just a moment</p>;
  return (
    <>
      <header>
        <h1 ref={heading} tabIndex={-1}>
          Tasks
        </h1>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </header>
      {problem && <p role="alert">{problem}</p>}
      {phase === 'failed' && (
        <button type="button" aria-disabled={busy.has('retry')} onClick={() => void board.retry()}>
          Try again
        </button>
      )}
      <AddForm isBusy={busy.has('add')} onAdd={board.add} />
      <div>
        <label htmlFor="show">Status</label>{' '}
        <select id="show" value={filter} onChange={(event) => board.show(event.target.value as Filter)}>
          {FILTERS.map((one) => (
            <option key={one} value={one}>
              {WORDS[one]}
            </option>
          ))}
        </select>
      </div>
      {phase === 'ready' && tasks.length === 0 && <p>No tasks to show</p>}
      <ol>
        {tasks.map((task) => (
          <TaskView
            key={task.id}
            task={task}
            isBusy={busy.has(task.id)}
            onTick={() => board.tick(task)}
            onRename={(title) => board.rename(task, title)}
            onRemove={() => board.remove(task)}
          />
        ))}
      </ol>
      {tasks.length < total && (
        <button type="button" aria-disabled={busy.has('more')} onClick={() => void board.more()}>
          Load more
        </button>
      )}
    </>
  );
}

type AddProps = { isBusy: boolean; onAdd: (title: string) => Promise<boolean> };

function AddForm({ isBusy, onAdd }: AddProps) {
  const [title, setTitle] = useState('');

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (await onAdd(title)) setTitle('');
  }

  return (
    <form onSubmit={submit}>
      <label htmlFor="add">New task</label>{' '}
      <input id="add" value={title} onChange={(event) => setTitle(event.target.value)} />{' '}
      <button type="submit" aria-disabled={isBusy}>
        Add task
      </button>
    </form>
  );
}
