import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ChatRoom } from '@/components/chat/chat-room';
import { Loading } from '@/components/ui/loading';
import { PageHeading } from '@/components/ui/page-heading';

export const metadata: Metadata = { title: 'Chat' };

export default function ChatPage() {
  return (
    <>
      <PageHeading>Chat</PageHeading>
      {/* Which conversation it is stands in the address, and that is known in the browser only. */}
      <Suspense fallback={<Loading />}>
        <ChatRoom />
      </Suspense>
    </>
  );
}
