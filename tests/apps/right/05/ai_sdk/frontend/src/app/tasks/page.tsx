import Link from 'next/link';
import { redirect } from 'next/navigation';
import { Tasks } from '@/client/tasks';
import { askBackend } from '@/server/backend';
import { readSession } from '@/server/session';

export const metadata = { title: 'Tasks' };

export default async function Page() {
  const token = await readSession();
  if (!token) redirect('/login');
  const me = await askBackend('/api/auth/me', { headers: { Authorization: `Bearer ${token}` } });
  if (me.status === 401) redirect('/sign-out');
  return (
    <>
      <nav>
        <Link href="/chat">Chat</Link>
      </nav>
      <form method="post" action="/sign-out">
        <button>Sign out</button>
      </form>
      <h1>Tasks</h1>
      <Tasks />
    </>
  );
}
