import { Entrance } from '@/ui/entrance';

export const metadata = { title: 'Sign in · Taskboard' };

export default function Page() {
  return <Entrance kind="login" />;
}
