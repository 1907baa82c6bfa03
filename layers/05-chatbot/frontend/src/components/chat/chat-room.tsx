'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { LoadingError } from '@/components/ui/error-alert';
import { Loading } from '@/components/ui/loading';
import { Notice } from '@/components/ui/notice';
import { readModel } from '@/services/chat';
import type { ChatModel } from '@/types';
import styles from './chat-room.module.css';
import { ConversationList } from './conversation-list';
import { MessageForm } from './message-form';
import { MessageLog } from './message-log';
import { NEW, useConversation } from './use-conversation';
import { useConversations } from './use-conversations';

export function ChatRoom() {
  const wanted = useSearchParams().get('conversation');
  const conversations = useConversations();
  const model = useModel();
  const { entries, error, isAnswering, load, ask, askAgain, stop } = useConversation(
    wanted,
    (id) => {
      name(id);
      void conversations.load();
    },
  );

  // Whoever comes without naming a conversation goes on with the last one.
  const { items } = conversations;
  useEffect(() => {
    if (wanted === null && items) name(items[0]?.id ?? NEW);
  }, [wanted, items]);

  const trouble = error ?? (wanted === null ? conversations.error : null);
  return (
    <div className={styles.room}>
      <ConversationList conversations={conversations} current={wanted} />
      {model && !model.is_ready && (
        <Notice>The chatbot is not set up yet: this app has no key for a model.</Notice>
      )}
      {trouble && <LoadingError error={trouble} onRetry={error ? load : conversations.load} />}
      {!trouble && !entries && <Loading what="Loading the conversation" />}
      {entries && (
        <>
          <MessageLog entries={entries} isAnswering={isAnswering} onRetry={askAgain} />
          <MessageForm isAnswering={isAnswering} onAsk={ask} onStop={stop} />
          {model && (
            <p className={styles.model}>Answers come from “{model.model}” and may be wrong.</p>
          )}
        </>
      )}
    </div>
  );
}

/** Put the conversation into the address, so that a reload and a link lead back to it. */
function name(conversation: string): void {
  window.history.replaceState(null, '', `/chat?conversation=${conversation}`);
}

/** Which model answers; nothing is said while it is not known. */
function useModel(): ChatModel | null {
  const [model, setModel] = useState<ChatModel | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    readModel(controller.signal).then(setModel, () => undefined);
    return () => controller.abort();
  }, []);
  return model;
}
