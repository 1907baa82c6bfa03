'use client';

/** Knows who is signed in, and lets them in and out. */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { ApiError } from '@/lib/api-error';
import { removeToken, saveToken, useToken } from '@/lib/session';
import { createToken, createUser, readUser } from '@/services/auth';
import type { NewUser, User } from '@/types';

export type AuthState =
  | { status: 'checking' }
  | { status: 'unknown'; error: ApiError }
  | { status: 'signed-out'; hasEnded: boolean }
  | { status: 'signed-in'; user: User };

type Auth = {
  state: AuthState;
  /** Ask once more who is signed in, after an error. */
  checkAgain: () => Promise<void>;
  register: (user: NewUser) => Promise<void>;
  signIn: (email: string, password: string) => Promise<void>;
  signOut: () => void;
};

/** What the backend said about a token. It says nothing about any other. */
type Check = { token: string; user: User } | { token: string; error: ApiError };

const AuthContext = createContext<Auth | null>(null);

export function AuthProvider({ children }: { children: ReactNode }) {
  const token = useToken();
  const [check, setCheck] = useState<Check | null>(null);
  const isChecked = !token || check?.token === token;

  useEffect(() => {
    if (isChecked) return;
    const controller = new AbortController();
    void checkToken(token, controller.signal).then((result) => result && setCheck(result));
    return () => controller.abort();
  }, [token, isChecked]);

  async function signIn(email: string, password: string): Promise<void> {
    const { access_token } = await createToken(email, password);
    setCheck({ token: access_token, user: await readUser(access_token) });
    saveToken(access_token);
  }

  const auth: Auth = {
    state: findState(token, check),
    async checkAgain() {
      if (token) setCheck(await checkToken(token));
    },
    async register(user) {
      await createUser(user);
      await signIn(user.email, user.password);
    },
    signIn,
    signOut() {
      setCheck(null);
      removeToken();
    },
  };
  return <AuthContext value={auth}>{children}</AuthContext>;
}

export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error('useAuth needs an AuthProvider around it.');
  return auth;
}

function findState(token: string | null | undefined, check: Check | null): AuthState {
  if (token === undefined) return { status: 'checking' };
  // Who signs out leaves no check behind: one that is still here tells of a session that ended.
  if (token === null) return { status: 'signed-out', hasEnded: check !== null };
  if (check?.token !== token) return { status: 'checking' };
  if ('error' in check) return { status: 'unknown', error: check.error };
  return { status: 'signed-in', user: check.user };
}

async function checkToken(token: string, signal?: AbortSignal): Promise<Check | null> {
  try {
    return { token, user: await readUser(token, signal) };
  } catch (error) {
    // A refusal ends the session, and with it this check. It counts all the same.
    if (error instanceof ApiError) return { token, error };
    if (signal?.aborted) return null;
    throw error;
  }
}
