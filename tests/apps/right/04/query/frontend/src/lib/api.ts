import { readToken, writeToken } from './session';

const ORIGIN = process.env.NEXT_PUBLIC_API_URL;

export type Status = 'pending' | 'in_progress' | 'completed';
export type Task = { id: string; title: string; status: Status };
export type TaskPage = { items: Task[]; total: number };

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }
}

type Detail = string | { loc: string[]; msg: string }[];

async function send(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(`${ORIGIN}${path}`, init).catch(() => {
    throw new ApiError(0, 'We cannot reach the server right now.');
  });
  if (response.status === 204) return null;
  const body = await response.json().catch(() => null);
  if (response.ok) return body;
  const detail = (body as { detail?: Detail } | null)?.detail ?? 'The server has a problem.';
  if (typeof detail === 'string') throw new ApiError(response.status, detail);
  const fields = Object.fromEntries(detail.map(({ loc, msg }) => [loc[loc.length - 1], msg]));
  throw new ApiError(response.status, Object.values(fields).join('. '), fields);
}

async function sendAsUser(path: string, method = 'GET', json?: object): Promise<unknown> {
  const token = readToken();
  try {
    return await send(path, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(json && { body: JSON.stringify(json) }),
    });
  } catch (error) {
    if (error instanceof ApiError && error.status === 401 && readToken() === token) writeToken(null);
    throw error;
  }
}

export const api = {
  async signIn(username: string, password: string): Promise<string> {
    const body = new URLSearchParams({ username, password });
    const answer = await send('/api/auth/token', { method: 'POST', body });
    return (answer as { access_token: string }).access_token;
  },
  async register(account: { name: string; email: string; password: string }): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify(account);
    await send('/api/auth/register', { method: 'POST', headers, body });
  },
  me: () => sendAsUser('/api/auth/me'),
  async list(status: string, offset: number): Promise<TaskPage> {
    const query = new URLSearchParams({ limit: '50', offset: `${offset}` });
    if (status) query.set('status', status);
    return (await sendAsUser(`/api/tasks?${query}`)) as TaskPage;
  },
  add: (title: string) => sendAsUser('/api/tasks', 'POST', { title }),
  change: ({ id, ...changes }: Pick<Task, 'id'> & Partial<Task>) =>
    sendAsUser(`/api/tasks/${id}`, 'PATCH', changes),
  remove: (id: string) => sendAsUser(`/api/tasks/${id}`, 'DELETE'),
};
