import { createUIMessageStream, createUIMessageStreamResponse } from 'ai';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { ChatMessage } from '@/client/chat-panel';
import { askBackend } from '@/server/backend';
import { closeSession, readSession } from '@/server/session';

/** Ask the backend, and make the AI SDK's parts of its events. */
export async function POST(request: Request): Promise<Response> {
  const token = await readSession();
  if (!token) return Response.json({ detail: 'Sign in first.' }, { status: 401 });
  const answer = await askBackend('/api/chat/stream', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: await request.text(),
    signal: request.signal,
  });
  if (answer.status === 401) await closeSession();
  if (!answer.ok || !answer.body) return Response.json(await answer.json(), { status: answer.status });
  const events = answer.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();

  const stream = createUIMessageStream<ChatMessage>({
    onError: (error) => (error instanceof Broken ? error.message : 'The answer broke off.'),
    async execute({ writer }) {
      const id = 'answer';
      let isDone = false;
      writer.write({ type: 'text-start', id });
      for (let next = await events.read(); next.value; next = await events.read()) {
        const { event } = next.value;
        const value = JSON.parse(next.value.data);
        if (event === 'token') writer.write({ type: 'text-delta', id, delta: value.text });
        if (event === 'tool') writer.write({ type: 'data-tool', data: value, transient: true });
        if (event === 'error') throw new Broken(value.detail);
        if (event === 'done') {
          isDone = true;
          writer.write({ type: 'message-metadata', messageMetadata: value });
        }
      }
      if (!isDone) throw new Broken('The answer broke off. Please try again.');
      writer.write({ type: 'text-end', id });
    },
  });
  return createUIMessageStreamResponse({ stream });
}

class Broken extends Error {}
