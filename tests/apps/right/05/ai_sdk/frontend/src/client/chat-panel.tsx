'use client';

import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, type UIMessage } from 'ai';
import { motion } from 'motion/react';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, type SubmitEvent, useEffect, useRef, useState } from 'react';
import Markdown from 'react-markdown';
import TextareaAutosize from 'react-textarea-autosize';
import remarkGfm from 'remark-gfm';

type Data = { tool: { name: string; status: string } };
export type ChatMessage = UIMessage<{ conversation_id?: string }, Data>;
type Props = { conversation: string | null; saved: ChatMessage[] };

class RefusedError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Throw what the backend says; the transport's own error would be the JSON as text. */
async function fetchAnswer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init).catch((error) => {
    if (init?.signal?.aborted) throw error;
    throw new RefusedError(0, 'You seem to be offline.');
  });
  if (response.ok) return response;
  const { detail } = await response.json().catch(() => ({}));
  throw new RefusedError(
    response.status,
    typeof detail === 'string' ? detail : 'The chatbot cannot answer now.',
  );
}

export function ChatPanel({ conversation, saved }: Props) {
  const router = useRouter();
  const field = useRef<HTMLTextAreaElement>(null);
  const current = useRef(conversation);
  const asked = useRef('');
  const [text, setText] = useState('');
  const [tool, setTool] = useState('');
  const [transport] = useState(
    () =>
      new DefaultChatTransport<ChatMessage>({
        api: '/api/chat/stream',
        fetch: fetchAnswer,
        prepareSendMessagesRequest: () => ({
          body: { message: asked.current, conversation_id: current.current },
        }),
      }),
  );
  const { messages, setMessages, sendMessage, status, stop, error, clearError } =
    useChat<ChatMessage>({
      messages: saved,
      transport,
      experimental_throttle: 50,
      onData(part) {
        const { name, status } = part.data as Data['tool'];
        setTool(status === 'running' ? `Using ${name}…` : '');
      },
      onError(failure) {
        if (!(failure instanceof RefusedError)) return;
        if (failure.status === 401) router.replace('/login');
        setMessages((all) => all.slice(0, -1));
        setText((now) => now || asked.current);
      },
      async onFinish({ message }) {
        setTool('');
        if (message.metadata?.conversation_id) current.current = message.metadata.conversation_id;
        else current.current ??= await findNewest();
      },
    });
  const isBusy = status === 'submitted' || status === 'streaming';
  const end = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (messages.length) end.current?.scrollIntoView({ behavior: 'smooth', block: 'end' });
  }, [messages]);

  function act(event?: SubmitEvent): void {
    event?.preventDefault();
    if (isBusy) {
      void stop();
      field.current?.focus();
      return;
    }
    if (!text.trim()) return;
    clearError();
    asked.current = text;
    setText('');
    void sendMessage({ text });
  }

  function sendOnEnter(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!isBusy) act();
  }

  return (
    <>
      <section role="log" aria-label="Conversation" tabIndex={0} className="log">
        <ol>
          {messages.map((message) => (
            <motion.li
              key={message.id}
              initial={{ opacity: 0, y: 12 }}
              animate={{ opacity: 1, y: 0 }}
              transition={{ duration: 0.4 }}
            >
              <strong>{message.role === 'user' ? 'You' : 'Assistant'}</strong>
              {message.parts.map((part, at) =>
                part.type !== 'text' ? null : message.role === 'user' ? (
                  <p key={at} className="asked">
                    {part.text}
                  </p>
                ) : (
                  <Markdown key={at} remarkPlugins={[remarkGfm]}>
                    {part.text}
                  </Markdown>
                ),
              )}
            </motion.li>
          ))}
        </ol>
        <div ref={end} />
      </section>
      <p role="status">{tool || (status === 'submitted' ? 'Thinking…' : '')}</p>
      {error && <p role="alert">{error.message}</p>}
      <form onSubmit={act}>
        <label htmlFor="message">Message</label>
        <TextareaAutosize
          id="message"
          ref={field}
          minRows={1}
          maxRows={8}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={sendOnEnter}
        />
        <button>{isBusy ? 'Stop' : 'Send'}</button>
      </form>
    </>
  );
}

/** Only a whole answer tells its conversation: after half of one, ask which it was. */
async function findNewest(): Promise<string | null> {
  const answer = await fetch('/api/conversations').catch(() => null);
  return answer?.ok ? ((await answer.json()).items[0]?.id ?? null) : null;
}
