'use client';

import Button from '@mui/material/Button';
import List from '@mui/material/List';
import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useEffect, useRef, useState } from 'react';
import { clearToken } from '@/lib/session';
import { useTasks } from '@/lib/use-tasks';
import { LoadError } from './load-error';
import { NewTaskForm } from './new-task-form';
import { StatusFilter } from './status-filter';
import { TaskItem } from './task-item';

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
      <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'center' }}>
        <Typography ref={heading} tabIndex={-1} variant="h4" component="h1" sx={{ outline: 'none' }}>
          Tasks
        </Typography>
        <Button onClick={clearToken}>Sign out</Button>
      </Stack>
      <NewTaskForm />
      <StatusFilter value={status} onValueChange={setStatus} />
      {list.isError && <LoadError error={list.error} onRetry={() => list.refetch({ cancelRefetch: false })} />}
      {list.isPending && <Skeleton variant="rounded" height={120} />}
      {list.isSuccess && list.tasks.length === 0 && <Typography>No tasks</Typography>}
      <List>
        {list.tasks.map((task) => (
          <TaskItem key={task.id} task={task} />
        ))}
      </List>
      {list.hasNextPage && (
        <Button variant="outlined" aria-disabled={list.isFetchingNextPage} onClick={loadMore}>
          Load more
        </Button>
      )}
    </>
  );
}
