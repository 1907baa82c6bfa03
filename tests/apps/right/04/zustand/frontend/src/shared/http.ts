const BASE = process.env.NEXT_PUBLIC_API_URL ?? '';

export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Options = { method?: string; token?: string; body?: object | URLSearchParams };

export async function http<T>(path: string, { method, token, body }: Options = {}): Promise<T> {
  const headers: Record<string, string> = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  const isForm = body instanceof URLSearchParams;
  if (body && !isForm) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method: method ?? (body ? 'POST' : 'GET'),
      headers,
      body: isForm ? body : body ? JSON.stringify(body) : null,
    });
  } catch {
    throw new HttpError(0, 'No connection to the server.');
  }
  const data: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new HttpError(response.status, explain(data));
  return data as T;
}

function explain(data: unknown): string {
  const detail = (data as { detail?: unknown } | null)?.detail;
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return 'The server answered with an error.';
  return detail.map(({ loc, msg }: Problem) => `${loc.at(-1)}: ${msg}`).join(', ');
}

type Problem = { loc: string[]; msg: string };

export function describe(error: unknown): string {
  return error instanceof HttpError ? error.message : 'Something went wrong.';
}
