import { Entrance } from '@/ui/entrance';

export const metadata = { title: 'Sign in · Taskboard' };

export default function Page() {
  return (
    <>
      <Entrance kind="login" />
      <p>Once you are in: Add task after task, tick them off, and Sign out.</p>
    </>
  );
}
