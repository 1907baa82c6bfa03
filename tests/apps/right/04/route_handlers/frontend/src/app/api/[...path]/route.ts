import { askBackend } from '@/server/backend';
import { closeSession, readSession } from '@/server/session';

type Context = { params: Promise<{ path: string[] }> };

async function forward(request: Request, { params }: Context): Promise<Response> {
  const token = await readSession();
  if (!token) return Response.json({ detail: 'Sign in first.' }, { status: 401 });
  const path = (await params).path.map(encodeURIComponent).join('/');
  const body = await request.text();
  const answer = await askBackend(`/api/${path}${new URL(request.url).search}`, {
    method: request.method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body && { body }),
  });
  if (answer.status === 401) await closeSession();
  const text = answer.status === 204 ? null : await answer.text();
  return new Response(text, {
    status: answer.status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  });
}

export { forward as DELETE, forward as GET, forward as PATCH, forward as POST };
