/** Stands in for the backend: answers each fetch as a test says, and keeps what was asked. */
import { vi } from 'vitest';

export type Asked = { method: string; path: string; token: string | null; body: string };
export type Reply = { status: number; body?: unknown };
type Replies = Record<string, Reply | (() => Reply | Promise<Reply>)>;

/**
 * Answer `METHOD /path` (without the query) from the list; a call that is not in it fails, as if
 * nobody answered. Replies can be changed while a test runs.
 */
export function startFakeBackend(replies: Replies) {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const { pathname, search } = new URL(url);
    const method = init.method ?? 'GET';
    const token = new Headers(init.headers).get('Authorization');
    asked.push({ method, path: pathname + search, token, body: String(init.body ?? '') });
    const reply = replies[`${method} ${pathname}`];
    if (!reply) throw new TypeError('Failed to fetch');
    const { status, body } = typeof reply === 'function' ? await reply() : reply;
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  });
  return { asked, replies };
}

/** A reply that waits until the test lets it go. */
export function holdReply(reply: Reply) {
  let release = () => {};
  const held = new Promise<Reply>((resolve) => {
    release = () => resolve(reply);
  });
  return { reply: () => held, release };
}
