import { askBackend } from '@/server/backend';
import { openSession } from '@/server/session';

/** Sign in; with a name among the fields, make the account first. */
export async function POST(request: Request): Promise<Response> {
  const { name, email, password }: Record<string, string> = await request.json();
  if (name !== undefined) {
    const made = await askBackend('/api/auth/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, email, password }),
    });
    if (!made.ok) return made;
  }
  const answer = await askBackend('/api/auth/token', {
    method: 'POST',
    body: new URLSearchParams({ username: email ?? '', password: password ?? '' }),
  });
  if (!answer.ok) return answer;
  const { access_token, expires_in } = await answer.json();
  await openSession(access_token, expires_in);
  return new Response(null, { status: 204 });
}
