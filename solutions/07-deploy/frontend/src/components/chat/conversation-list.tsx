'use client';

import type { MouseEvent, ReactNode } from 'react';
import { ErrorAlert } from '@/components/ui/error-alert';
import { BinIcon } from '@/components/ui/icons';
import { PAGE_HEADING } from '@/components/ui/page-heading';
import { ApiError } from '@/lib/api-error';
import { useAction } from '@/lib/use-action';
import { deleteConversation } from '@/services/chat';
import type { Conversation } from '@/types';
import styles from './conversation-list.module.css';
import { NEW } from './use-conversation';
import type { Conversations } from './use-conversations';

type Props = { conversations: Conversations; current: string | null };

export function ConversationList({ conversations: { items, load }, current }: Props) {
  const count = items?.length ?? 0;
  return (
    <nav aria-label="Conversations" className={styles.nav}>
      <ConversationLink to={NEW}>New conversation</ConversationLink>
      {count > 0 && (
        <details className={styles.earlier}>
          <summary>
            {count} {count === 1 ? 'conversation' : 'conversations'}
          </summary>
          <ul className={styles.list}>
            {items?.map((item) => (
              <Item key={item.id} item={item} isCurrent={item.id === current} onDeleted={load} />
            ))}
          </ul>
        </details>
      )}
    </nav>
  );
}

type ItemProps = { item: Conversation; isCurrent: boolean; onDeleted: () => Promise<void> };

function Item({ item, isCurrent, onDeleted }: ItemProps) {
  const { run, isPending, error } = useAction(async () => {
    await deleteConversation(item.id).catch(ignoreMissing);
    // What is open and gone makes room for a new one.
    if (isCurrent) window.history.replaceState(null, '', `/chat?conversation=${NEW}`);
    document.getElementById(PAGE_HEADING)?.focus();
    await onDeleted();
  });
  return (
    <li className={styles.item}>
      <ConversationLink to={item.id} isCurrent={isCurrent}>
        {item.title}
      </ConversationLink>
      <button type="button" aria-disabled={isPending || undefined} onClick={() => run()}>
        <BinIcon />
        <span className="visually-hidden">Delete {item.title}</span>
      </button>
      {error && <ErrorAlert error={error} />}
    </li>
  );
}

/** It stays on this page, so it asks no server: only the address changes, and that at once. */
function ConversationLink(props: { to: string; isCurrent?: boolean; children: ReactNode }) {
  const href = `/chat?conversation=${props.to}`;

  function go(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // that is: in another tab
    event.preventDefault();
    window.history.pushState(null, '', href);
  }

  return (
    <a href={href} aria-current={props.isCurrent ? 'page' : undefined} onClick={go}>
      {props.children}
    </a>
  );
}

/** A conversation that is gone already, deleted in another tab, is as gone as it was meant to be. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 404) throw error;
}
