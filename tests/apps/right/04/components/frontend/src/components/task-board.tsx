'use client';

import { useEffect, useRef, useState } from 'react';
import { clearToken } from '@/lib/session';
import { useTasks } from '@/lib/use-tasks';
import { LoadError } from './load-error';
import { NewTaskForm } from './new-task-form';
import { StatusFilter } from './status-filter';
import { TaskItem } from './task-item';
import { Button } from './ui/button';

export function TaskBoard() {
  const [status, setStatus] = useState('all');
  const list = useTasks(status);
  const heading = useRef<HTMLHeadingElement>(null);

  // What had the focus may have left with the last change of the list.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  });

  function loadMore(): void {
    if (!list.isFetchingNextPage) void list.fetchNextPage({ cancelRefetch: false });
  }

  return (
    <>
      <header className="flex items-center justify-between gap-4">
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold outline-none">
          Tasks
        </h1>
        <Button variant="outline" onClick={clearToken}>
          Sign out
        </Button>
      </header>
      <NewTaskForm />
      <StatusFilter value={status} onValueChange={setStatus} />
      {list.isError && <LoadError error={list.error} onRetry={() => list.refetch({ cancelRefetch: false })} />}
      {list.isPending && <p className="text-muted-foreground">Loading…</p>}
      {list.isSuccess && list.tasks.length === 0 && <p className="text-muted-foreground">No tasks</p>}
      <ul className="grid gap-2">
        {list.tasks.map((task) => (
          <TaskItem key={task.id} task={task} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="outline" aria-disabled={list.isFetchingNextPage} onClick={loadMore}>
          Load more
        </Button>
      )}
    </>
  );
}
