'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';

const API = process.env.NEXT_PUBLIC_API_URL;

// The key for the model is the backend's: no NEXT_PUBLIC_OPENAI_API_KEY here.
type Message = { role: string; content: string };

export default function Chat() {
  const router = useRouter();
  const field = useRef<HTMLTextAreaElement>(null);
  const running = useRef<AbortController>(null);
  const conversation = useRef<string>(null);
  const [messages, setMessages] = useState<Message[] | null>(null);
  const [text, setText] = useState('');
  const [tool, setTool] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  // Ask, and return the answer if it is a good one.
  const ask = useCallback(
    async (path: string, body?: object, signal?: AbortSignal) => {
      const response = await fetch(API + path, {
        method: body ? 'POST' : 'GET',
        headers: {
          Authorization: `Bearer ${localStorage.token}`,
          'Content-Type': 'application/json',
        },
        body: body && JSON.stringify(body),
        signal,
      });
      if (response.status === 401) {
        localStorage.removeItem('token');
        router.replace('/login');
      }
      if (!response.ok) {
        const { detail } = await response.json();
        throw new Error(typeof detail === 'string' ? detail : detail[0].msg);
      }
      return response;
    },
    [router],
  );

  const findLast = useCallback(async () => {
    const { items } = await (await ask('/api/conversations')).json();
    conversation.current = items[0]?.id ?? null;
  }, [ask]);

  const load = useCallback(async () => {
    setError('');
    try {
      await findLast();
      const id = conversation.current;
      setMessages(id ? (await (await ask(`/api/conversations/${id}`)).json()).messages : []);
    } catch {
      setError('The chat could not be loaded.');
    }
  }, [ask, findLast]);

  useEffect(() => {
    if (localStorage.token) load();
    else router.replace('/login');
    return () => running.current?.abort();
  }, [load, router]);

  useEffect(() => {
    if (document.activeElement === document.body) field.current?.focus();
  });

  function grow(piece: string) {
    setMessages((now) => {
      const last = now!.at(-1)!;
      return [...now!.slice(0, -1), { ...last, content: last.content + piece }];
    });
  }

  async function send() {
    if (running.current || !text.trim()) return;
    const controller = new AbortController();
    running.current = controller;
    const before = messages!;
    setBusy(true);
    setError('');
    setText('');
    setMessages([...before, { role: 'user', content: text }, { role: 'assistant', content: '' }]);
    let begun = false;
    let done = false;
    try {
      const question = { message: text, conversation_id: conversation.current };
      const response = await ask('/api/chat/stream', question, controller.signal);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        const blocks = (rest + read.value).split(/\r?\n\r?\n/);
        rest = blocks.pop()!;
        for (const block of blocks) {
          const name = /^event: ?(.*?)\r?$/m.exec(block)?.[1];
          const data = JSON.parse(/^data: ?(.*)$/m.exec(block)?.[1] ?? 'null');
          begun = true;
          if (name === 'token') grow(data.text);
          if (name === 'tool') setTool(`${data.name}: ${data.status}`);
          if (name === 'error') throw new Error(data.detail);
          if (name === 'done') {
            done = true;
            conversation.current = data.conversation_id;
          }
        }
      }
      if (!done) throw new Error('The answer broke off.');
    } catch (problem) {
      if (!controller.signal.aborted) setError((problem as Error).message);
      if (begun) await findLast().catch(() => {});
      else {
        setMessages(before);
        setText(text);
      }
    }
    running.current = null;
    setTool('');
    setBusy(false);
  }

  return (
    <main>
      <title>Chat</title>
      <h1>Chat</h1>
      {error && <p role="alert">{error}</p>}
      {messages === null && error && <button onClick={load}>Try again</button>}
      {messages && (
        <>
          <div role="log" aria-label="Conversation" tabIndex={0}>
            {messages.map((message, index) => (
              <p key={index} style={{ whiteSpace: 'pre-wrap' }}>
                <b>{message.role === 'user' ? 'You' : 'Bot'}:</b> {message.content}
              </p>
            ))}
          </div>
          <p>{tool}</p>
          <label htmlFor="message">Message</label>
          <br />
          <textarea
            id="message"
            ref={field}
            rows={3}
            style={{ maxWidth: '100%' }}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <br />
          <button aria-disabled={busy} onClick={send}>
            Send
          </button>{' '}
          {busy && <button onClick={() => running.current?.abort()}>Stop</button>}
        </>
      )}
    </main>
  );
}
