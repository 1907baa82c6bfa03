import { closeSession } from '@/server/session';

/** The address is relative: behind a proxy, this server does not know its own. */
async function leave(): Promise<Response> {
  await closeSession();
  return new Response(null, { status: 303, headers: { Location: '/login' } });
}

// GET is for a page that finds out while it is drawn: only handlers may take a cookie away.
export { leave as GET, leave as POST };
