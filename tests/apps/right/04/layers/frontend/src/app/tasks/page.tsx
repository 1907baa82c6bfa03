import { Board } from '@/ui/board';

export const metadata = { title: 'Tasks · Taskboard' };

export default function Page() {
  return <Board />;
}
