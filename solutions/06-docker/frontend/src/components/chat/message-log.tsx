'use client';

import { useEffect, useLayoutEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorAlert } from '@/components/ui/error-alert';
import { ApiError } from '@/lib/api-error';
import type { Entry } from '@/lib/chat-log';
import { rescueFocus } from '@/lib/focus';
import { useAction } from '@/lib/use-action';
import { MESSAGE } from './chat-ids';
import { Markdown } from './markdown';
import styles from './message-log.module.css';
import { describeTool } from './tool-words';

type Props = {
  entries: Entry[];
  isAnswering: boolean;
  onRetry: (message: string) => Promise<void>;
};

export function MessageLog({ entries, isAnswering, onRetry }: Props) {
  useStayAtEnd(entries);
  const last = entries.at(-1);
  const question = entries.at(-2)?.text;
  const { run } = useAction(onRetry);
  return (
    <>
      {/* A log is read aloud as it grows, and nobody wants to hear an answer syllable by syllable.
          So it keeps silent, and the status below says what there is to say. */}
      <div role="log" aria-label="Conversation" aria-live="off" className={styles.log}>
        {entries.length === 0 && (
          <p className={styles.empty}>
            Ask about your tasks, or say what is to be done. For example: “Remind me to buy milk.”
          </p>
        )}
        {entries.map((entry) => (
          <Message key={entry.id} entry={entry} isComing={isAnswering && entry === last} />
        ))}
      </div>
      <p role="status" className="visually-hidden">
        {describeProgress(entries, isAnswering)}
      </p>
      {last?.ending?.isError && question !== undefined && (
        <Failure text={last.ending.text} onRetry={() => run(question)} />
      )}
    </>
  );
}

function Message({ entry, isComing }: { entry: Entry; isComing: boolean }) {
  const { role, text, tools, ending } = entry;
  return (
    <div className={styles.message} data-role={role}>
      <span className="visually-hidden">{role === 'user' ? 'You:' : 'Taskboard:'}</span>
      {tools.length > 0 && (
        <ul className={styles.tools}>
          {tools.map((tool, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: tools are only ever added at the end
            <li key={at} data-status={tool.status}>
              {describeTool(tool)}
            </li>
          ))}
        </ul>
      )}
      {role === 'user' ? (
        <p className={styles.question}>{text}</p>
      ) : (
        text && <Markdown text={text} />
      )}
      {isComing && !text && tools.length === 0 && <p className={styles.muted}>Thinking…</p>}
      {ending && !ending.isError && <p className={styles.muted}>{ending.text}</p>}
    </div>
  );
}

/** Say what went wrong half-way, and offer to ask again. */
function Failure({ text, onRetry }: { text: string; onRetry: () => void }) {
  // When it works, this button goes away with the alert.
  useEffect(() => () => rescueFocus(MESSAGE), []);
  return (
    <div className={styles.failure}>
      <ErrorAlert error={new ApiError(text, 200)} />
      <Button look="quiet" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

function describeProgress(entries: Entry[], isAnswering: boolean): string {
  const last = entries.at(-1);
  const tool = last?.tools.at(-1);
  if (isAnswering) return tool ? describeTool(tool) : 'Taskboard is answering…';
  if (last?.role !== 'assistant') return '';
  return last.ending?.isError ? last.text : `${last.text} ${last.ending?.text ?? ''}`;
}

/** Keep the end in view while it grows, unless the reader has gone up to read. */
function useStayAtEnd(entries: Entry[]): void {
  const isAtEnd = useRef(true);

  useEffect(() => {
    const look = () => {
      const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
      isAtEnd.current = scrollHeight - clientHeight - scrollTop < 80;
    };
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the growing that counts
  useLayoutEffect(() => {
    if (isAtEnd.current) window.scrollTo(0, document.documentElement.scrollHeight);
  }, [entries]);
}
