'use client';

import { useRouter } from 'next/navigation';
import { useTransition } from 'react';

export function StatusSelect({ status }: { status: string }) {
  const router = useRouter();
  return (
    <p>
      <label htmlFor="status">Status</label>{' '}
      <select
        id="status"
        defaultValue={status}
        onChange={(event) => router.replace(`/tasks?${query(event.target.value, 50)}`)}
      >
        <option value="">All</option>
        <option value="pending">Pending</option>
        <option value="in_progress">In progress</option>
        <option value="completed">Completed</option>
      </select>
    </p>
  );
}

export function LoadMore({ status, shown }: { status: string; shown: number }) {
  const router = useRouter();
  const [isLoading, start] = useTransition();
  const more = () => router.replace(`/tasks?${query(status, shown + 50)}`, { scroll: false });
  return (
    <button type="button" aria-disabled={isLoading} onClick={() => isLoading || start(more)}>
      Load more
    </button>
  );
}

export function Retry({ message }: { message: string }) {
  const router = useRouter();
  const [isLoading, start] = useTransition();
  return (
    <div role="alert">
      <p>{message}</p>
      <button
        type="button"
        aria-disabled={isLoading}
        onClick={() => isLoading || start(() => router.refresh())}
      >
        Try again
      </button>
    </div>
  );
}

function query(status: string, shown: number): string {
  return new URLSearchParams({ ...(status && { status }), shown: `${shown}` }).toString();
}
