import type { Metadata } from 'next';
import { TaskBoard } from '@/components/tasks/task-board';
import { PageHeading } from '@/components/ui/page-heading';

export const metadata: Metadata = { title: 'Tasks' };

export default function TasksPage() {
  return (
    <>
      <PageHeading>Tasks</PageHeading>
      <TaskBoard />
    </>
  );
}
