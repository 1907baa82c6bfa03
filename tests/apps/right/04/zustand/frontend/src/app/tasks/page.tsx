import { Board } from '~/features/tasks/board';

export const metadata = { title: 'Tasks' };

export default function Page() {
  return <Board />;
}
