'use client';

import { useState } from 'react';
import { LoadingError } from '@/components/ui/error-alert';
import { Loading } from '@/components/ui/loading';
import type { Filter } from '@/lib/task-page';
import { AddTaskForm } from './add-task-form';
import { LoadMore } from './load-more';
import { StatusFilter } from './status-filter';
import styles from './task-board.module.css';
import { TaskItem } from './task-item';
import { describeCount, describeEmpty } from './task-words';
import { useTaskActions } from './use-task-actions';
import { useTasks } from './use-tasks';

export function TaskBoard() {
  const [filter, setFilter] = useState<Filter>('all');
  const tasks = useTasks(filter);
  const { news, add, edit, remove, loadMore } = useTaskActions(tasks);
  const { page, error, load } = tasks;

  return (
    <>
      <AddTaskForm onAdd={add} />
      <p role="status" className={styles.news}>
        <span key={news.number}>{news.text}</span>
      </p>
      <div className={styles.toolbar}>
        <p>{page && describeCount(page)}</p>
        <StatusFilter value={filter} onChange={setFilter} />
      </div>
      {error && <LoadingError error={error} onRetry={load} />}
      {!error && !page && <Loading what="Loading your tasks" />}
      {page?.total === 0 && <p className={styles.empty}>{describeEmpty(filter)}</p>}
      {page && page.items.length > 0 && (
        <ul className={styles.list}>
          {page.items.map((task) => (
            <TaskItem
              key={task.id}
              task={task}
              onEdit={(changes) => edit(task, changes)}
              onDelete={() => remove(task)}
            />
          ))}
        </ul>
      )}
      {page && page.items.length < page.total && <LoadMore onMore={() => loadMore(page)} />}
    </>
  );
}
