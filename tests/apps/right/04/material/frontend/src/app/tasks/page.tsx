import type { Metadata } from 'next';
import { AuthGate } from '@/components/auth-gate';
import { TaskBoard } from '@/components/task-board';

export const metadata: Metadata = { title: 'Tasks' };

export default function TasksPage() {
  return (
    <AuthGate>
      <TaskBoard />
    </AuthGate>
  );
}
