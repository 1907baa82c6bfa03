'use server';

import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { type Answer, ask, askAsUser } from '@/lib/backend';
import { COOKIE } from '@/lib/cookie';
import { EMPTY, type FormState } from '@/lib/form-state';

export async function signIn(_: FormState, form: FormData): Promise<FormState> {
  const email = read(form, 'email');
  const answer = await openSession(email, read(form, 'password'));
  if (!answer.ok) return tell(answer, { email });
  redirect('/tasks');
}

export async function createAccount(_: FormState, form: FormData): Promise<FormState> {
  const [name, email, password] = [read(form, 'name'), read(form, 'email'), read(form, 'password')];
  const made = await ask('/api/auth/register', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, email, password }),
  });
  if (!made.ok) return tell(made, { name, email, password });
  const answer = await openSession(email, password);
  if (!answer.ok) redirect('/login');
  redirect('/tasks');
}

export async function signOut(): Promise<void> {
  (await cookies()).delete(COOKIE);
  redirect('/login');
}

export async function addTask(_: FormState, form: FormData): Promise<FormState> {
  const title = read(form, 'title');
  return finish(await askAsUser('/api/tasks', 'POST', { title }), { title });
}

export async function renameTask(id: string, form: FormData): Promise<FormState> {
  const title = read(form, 'title');
  return finish(await askAsUser(`/api/tasks/${id}`, 'PATCH', { title }), { title });
}

export async function completeTask(id: string, isDone: boolean): Promise<FormState> {
  const status = isDone ? 'completed' : 'pending';
  return finish(await askAsUser(`/api/tasks/${id}`, 'PATCH', { status }), {});
}

export async function deleteTask(id: string): Promise<FormState> {
  return finish(await askAsUser(`/api/tasks/${id}`, 'DELETE'), {});
}

async function openSession(username: string, password: string): Promise<Answer<unknown>> {
  const answer = await ask<{ access_token: string; expires_in: number }>('/api/auth/token', {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
  });
  if (answer.ok) {
    (await cookies()).set(COOKIE, answer.data.access_token, {
      httpOnly: true,
      sameSite: 'lax',
      secure: process.env.NODE_ENV === 'production',
      path: '/',
      maxAge: answer.data.expires_in,
    });
  }
  return answer;
}

/** After a change: draw the list again, or say why it failed. */
async function finish(answer: Answer<unknown>, typed: FormState['typed']): Promise<FormState> {
  if (!answer.ok && answer.status === 401) {
    (await cookies()).delete(COOKIE);
    redirect('/login?ended=1');
  }
  if (!answer.ok) return tell(answer, typed);
  revalidatePath('/tasks');
  return EMPTY;
}

function tell(answer: Answer<unknown>, typed: FormState['typed']): FormState {
  if (answer.ok) return EMPTY;
  const isTold = Object.keys(answer.fields).length > 0;
  return { typed, error: isTold ? '' : answer.message, fields: answer.fields };
}

function read(form: FormData, name: string): string {
  return String(form.get(name) ?? '');
}
