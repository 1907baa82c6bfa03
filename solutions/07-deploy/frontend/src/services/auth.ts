/** Accounts and tokens. */
import { callApi } from '@/lib/api-client';
import type { NewUser, Token, User } from '@/types';

export function createUser(user: NewUser): Promise<User> {
  return callApi('/api/auth/register', { method: 'POST', json: user, token: null });
}

/** Exchange a password for a token. OAuth 2 wants a form, and calls the e-mail `username`. */
export function createToken(username: string, password: string): Promise<Token> {
  const form = { username, password };
  return callApi('/api/auth/token', { method: 'POST', form, token: null });
}

/** Return the user that a token belongs to. */
export function readUser(token: string, signal?: AbortSignal): Promise<User> {
  return callApi('/api/auth/me', { token, signal });
}
