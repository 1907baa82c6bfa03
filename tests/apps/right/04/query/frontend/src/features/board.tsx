'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import Select from 'react-select';
import { api } from '@/lib/api';
import { useToken, writeToken } from '@/lib/session';
import { useSingle } from '@/lib/use-single';
import { Row } from './row';
import { useTaskList, useTaskMutations } from './tasks';

const statuses = [
  { value: '', label: 'All' },
  { value: 'pending', label: 'Pending' },
  { value: 'in_progress', label: 'In progress' },
  { value: 'completed', label: 'Completed' },
];

export function Gate() {
  const token = useToken();
  const router = useRouter();
  const client = useQueryClient();
  const me = useQuery({
    queryKey: ['me', token],
    queryFn: api.me,
    enabled: Boolean(token),
    staleTime: Infinity,
  });

  useEffect(() => {
    if (token !== null) return;
    client.clear();
    router.replace('/login');
  }, [token, client, router]);

  if (token && me.isSuccess) return <Board />;
  if (token && me.isError) return <Failure error={me.error} onRetry={me.refetch} />;
  return <p>Loading …</p>;
}

function Failure({ error, onRetry }: { error: Error; onRetry: () => unknown }) {
  return (
    <section>
      <p role="alert">{error.message}</p>
      <button type="button" onClick={() => onRetry()}>
        Try again
      </button>
    </section>
  );
}

function Board() {
  const [status, setStatus] = useState('');
  const list = useTaskList(status);
  const heading = useRef<HTMLHeadingElement>(null);

  // Whatever had the focus may be gone with the last change.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  });

  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        Tasks
      </h1>
      <button type="button" onClick={() => writeToken(null)}>
        Sign out
      </button>
      {list.isError && <Failure error={list.error} onRetry={() => list.refetch({ cancelRefetch: false })} />}
      {list.isPending && <p>Loading …</p>}
      <NewTask />
      <label htmlFor="status">Status</label>
      <Select
        instanceId="status"
        inputId="status"
        options={statuses}
        value={statuses.find(({ value }) => value === status)}
        onChange={(chosen) => setStatus(chosen?.value ?? '')}
      />
      {list.isSuccess && list.tasks.length === 0 && <p>No tasks</p>}
      <ul>
        {list.tasks.map((task) => (
          <Row key={task.id} task={task} filter={status} />
        ))}
      </ul>
      {list.hasNextPage && (
        <button
          type="button"
          aria-disabled={list.isFetchingNextPage}
          onClick={() => list.isFetchingNextPage || void list.fetchNextPage()}
        >
          Load more
        </button>
      )}
    </>
  );
}

function NewTask() {
  const form = useRef<HTMLFormElement>(null);
  const { add } = useTaskMutations();
  const adding = useSingle({
    ...add,
    onSuccess() {
      form.current?.reset();
      return add.onSuccess();
    },
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    adding.run(String(new FormData(event.currentTarget).get('title')));
  }

  return (
    <form ref={form} onSubmit={submit}>
      <label>
        New task <input name="title" autoComplete="off" />
      </label>{' '}
      <button type="submit" aria-disabled={adding.isPending}>
        Add task
      </button>
      {adding.error && <p role="alert">{adding.error.message}</p>}
    </form>
  );
}
