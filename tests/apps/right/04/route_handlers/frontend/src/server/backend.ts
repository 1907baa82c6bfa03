const ADDRESS = process.env.API_INTERNAL_URL || process.env.NEXT_PUBLIC_API_URL;

/** Ask the backend; 502 stands for a backend that does not answer. */
export async function askBackend(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${ADDRESS}${path}`, { ...init, cache: 'no-store' });
  } catch {
    return Response.json({ detail: 'The service is out of reach. Try later.' }, { status: 502 });
  }
}
