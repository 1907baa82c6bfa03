/** Stands in for a chatbot whose answer comes piece by piece. */
import { vi } from 'vitest';

/**
 * Answer each question with a stream that the test feeds, and all other calls from the list.
 * Replies can be changed while a test runs, that to a question too.
 */
export function startFakeStream(replies: Record<string, unknown> = {}) {
  const questions: unknown[] = [];
  let stream: ReadableStreamDefaultController<Uint8Array> | null = null;
  let isClosed = false;

  function openBody(signal: AbortSignal | null | undefined) {
    return new ReadableStream<Uint8Array>({
      start(controller) {
        stream = controller;
        signal?.addEventListener('abort', () => {
          isClosed = true;
          controller.error(signal.reason);
        });
      },
    });
  }

  vi.stubGlobal('fetch', async (url: string, { method = 'GET', body, signal }: RequestInit) => {
    const call = `${method} ${new URL(url).pathname}`;
    if (call in replies) return reply(replies[call]);
    if (call !== 'POST /api/chat/stream') throw new TypeError('Failed to fetch');
    questions.push(JSON.parse(String(body)));
    return new Response(openBody(signal));
  });

  return {
    questions,
    replies,
    isClosed: () => isClosed,
    send(name: string, data: unknown) {
      const event = `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      stream?.enqueue(new TextEncoder().encode(event));
    },
    end: () => stream?.close(),
  };
}

function reply(value: unknown): Response {
  return value instanceof Response ? value.clone() : new Response(JSON.stringify(value));
}
