import Link from 'next/link';
import { redirect } from 'next/navigation';
import { ChatPanel, type ChatMessage } from '@/client/chat-panel';
import { TryAgain } from '@/client/try-again';
import { askBackend } from '@/server/backend';
import { readSession } from '@/server/session';

export const metadata = { title: 'Chat' };

type Saved = { id: string; messages: { id: string; role: 'user' | 'assistant'; content: string }[] };

export default async function Page() {
  const token = await readSession();
  if (!token) redirect('/login');
  const saved = await readLast(token);
  return (
    <>
      <nav>
        <Link href="/tasks">Tasks</Link>
      </nav>
      <h1>Chat</h1>
      {saved === 'failed' ? (
        <TryAgain>The conversation could not be loaded.</TryAgain>
      ) : (
        <ChatPanel conversation={saved?.id ?? null} saved={saved?.messages.map(toMessage) ?? []} />
      )}
    </>
  );
}

async function readLast(token: string): Promise<Saved | null | 'failed'> {
  const headers = { Authorization: `Bearer ${token}` };
  const list = await askBackend('/api/conversations', { headers });
  if (list.status === 401) redirect('/sign-out');
  if (!list.ok) return 'failed';
  const { items } = (await list.json()) as { items: { id: string }[] };
  if (!items[0]) return null;
  const one = await askBackend(`/api/conversations/${items[0].id}`, { headers });
  return one.ok ? one.json() : 'failed';
}

function toMessage({ id, role, content }: Saved['messages'][number]): ChatMessage {
  return { id, role, parts: [{ type: 'text', text: content }] };
}
