import {
  errorSchema,
  type Login,
  type Register,
  type Task,
  type TaskPage,
  taskPageSchema,
  tokenSchema,
} from './schemas';
import { clearToken, getToken } from './session';

export const PAGE_SIZE = 50;

export class ApiError extends Error {
  constructor(
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }
}

async function readError(response: Response): Promise<ApiError> {
  const body = errorSchema.safeParse(await response.json().catch(() => null));
  if (!body.success) return new ApiError('Something went wrong. Please try again.');
  const { detail } = body.data;
  if (typeof detail === 'string') return new ApiError(detail);
  const fields = Object.fromEntries(detail.map(({ loc, msg }) => [loc.at(-1), msg]));
  return new ApiError(Object.values(fields).join('. '), fields);
}

async function request(path: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(`${process.env.NEXT_PUBLIC_API_URL}${path}`, init).catch(() => {
    throw new ApiError('The server cannot be reached. Please try again.');
  });
  if (!response.ok) {
    const sent = new Headers(init?.headers).get('Authorization');
    if (response.status === 401 && sent === `Bearer ${getToken()}`) clearToken();
    throw await readError(response);
  }
  return response.status === 204 ? null : response.json();
}

function requestAsUser(path: string, method = 'GET', body?: object): Promise<unknown> {
  const headers = { Authorization: `Bearer ${getToken()}`, 'Content-Type': 'application/json' };
  return request(path, { method, headers, body: body && JSON.stringify(body) });
}

export async function signIn({ email, password }: Login): Promise<string> {
  const body = new URLSearchParams({ username: email, password });
  const answer = await request('/api/auth/token', { method: 'POST', body });
  return tokenSchema.parse(answer).access_token;
}

export async function register(values: Register): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  await request('/api/auth/register', { method: 'POST', headers, body: JSON.stringify(values) });
}

export async function fetchMe(): Promise<unknown> {
  return requestAsUser('/api/auth/me');
}

export async function fetchTasks(status: string, offset: number): Promise<TaskPage> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), offset: String(offset) });
  if (status !== 'all') query.set('status', status);
  return taskPageSchema.parse(await requestAsUser(`/api/tasks?${query}`));
}

export async function createTask(title: string): Promise<void> {
  await requestAsUser('/api/tasks', 'POST', { title });
}

export async function updateTask(id: string, changes: Partial<Task>): Promise<void> {
  await requestAsUser(`/api/tasks/${id}`, 'PATCH', changes);
}

export async function deleteTask(id: string): Promise<void> {
  await requestAsUser(`/api/tasks/${id}`, 'DELETE');
}
