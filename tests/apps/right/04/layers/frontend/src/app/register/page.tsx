import { Entrance } from '@/ui/entrance';

export const metadata = { title: 'Create account · Taskboard' };

export default function Page() {
  return <Entrance kind="register" />;
}
