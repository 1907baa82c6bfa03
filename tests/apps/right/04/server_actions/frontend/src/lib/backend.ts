import 'server-only';
import { cookies } from 'next/headers';
import { COOKIE } from './cookie';

export type Answer<T> =
  | { ok: true; data: T }
  | { ok: false; status: number; message: string; fields: Record<string, string> };

export type Task = { id: string; title: string; status: 'pending' | 'in_progress' | 'completed' };

export async function ask<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const base = process.env.API_INTERNAL_URL || process.env.NEXT_PUBLIC_API_URL;
  try {
    const response = await fetch(`${base}${path}`, { ...init, cache: 'no-store' });
    if (response.status === 204) return { ok: true, data: undefined as T };
    const body: unknown = await response.json();
    if (response.ok) return { ok: true, data: body as T };
    return refuse(response.status, body);
  } catch {
    return {
      ok: false,
      status: 0,
      message: 'The server is not available at the moment.',
      fields: {},
    };
  }
}

export async function askAsUser<T>(path: string, method = 'GET', json?: object): Promise<Answer<T>> {
  const token = (await cookies()).get(COOKIE)?.value ?? '';
  return ask<T>(path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: json && JSON.stringify(json),
  });
}

function refuse<T>(status: number, body: unknown): Answer<T> {
  const detail = typeof body === 'object' && body && 'detail' in body ? body.detail : null;
  const fields: Record<string, string> = {};
  if (Array.isArray(detail)) {
    for (const { loc, msg } of detail as { loc: string[]; msg: string }[]) {
      fields[loc[loc.length - 1] ?? ''] = msg;
    }
  }
  const message = typeof detail === 'string' ? detail : Object.values(fields).join('. ');
  return { ok: false, status, message: message || 'That did not work.', fields };
}
