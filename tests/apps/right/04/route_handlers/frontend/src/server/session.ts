import { cookies } from 'next/headers';

const NAME = 'sid';

export async function readSession(): Promise<string> {
  return (await cookies()).get(NAME)?.value ?? '';
}

export async function openSession(token: string, maxAge: number): Promise<void> {
  (await cookies()).set(NAME, token, { httpOnly: true, sameSite: 'strict', path: '/', maxAge });
}

export async function closeSession(): Promise<void> {
  (await cookies()).delete(NAME);
}
