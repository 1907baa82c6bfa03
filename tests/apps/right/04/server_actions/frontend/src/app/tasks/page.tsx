import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { signOut } from '@/app/actions';
import { Submit } from '@/components/submit';
import { AddTask } from './add-task';
import { KeepFocus } from './keep-focus';
import { LoadMore, Retry, StatusSelect } from './navigation';
import { readTasks } from './read-tasks';
import { TaskRow } from './task-row';

export const metadata: Metadata = { title: 'Your tasks' };

type Props = { searchParams: Promise<{ status?: string; shown?: string }> };

export default async function Tasks({ searchParams }: Props) {
  const { status = '', shown } = await searchParams;
  const answer = await readTasks(status, Number(shown) || 50);
  if (!answer.ok && answer.status === 401) redirect('/login?ended=1');
  return (
    <>
      <header className="bar">
        <h1 id="heading" tabIndex={-1}>
          Tasks
        </h1>
        <form action={signOut}>
          <Submit>Sign out</Submit>
        </form>
      </header>
      <AddTask />
      <StatusSelect status={status} />
      {answer.ok ? (
        <>
          {answer.data.items.length === 0 && <p>No tasks here.</p>}
          <ol>
            {answer.data.items.map((task) => (
              <TaskRow key={task.id} task={task} />
            ))}
          </ol>
          {answer.data.items.length < answer.data.total && (
            <LoadMore status={status} shown={answer.data.items.length} />
          )}
        </>
      ) : (
        <Retry message={answer.message} />
      )}
      <KeepFocus
        after={answer.ok ? answer.data.items.map((task) => task.id).join() : answer.message}
      />
    </>
  );
}
