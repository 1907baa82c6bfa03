import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { HttpError, http, type Options } from '~/shared/http';

type Session = { token: string; signIn: (email: string, password: string) => Promise<void> };

export const useSession = create<Session>()(
  persist(
    (set) => ({
      token: '',
      async signIn(email, password) {
        const body = new URLSearchParams({ username: email, password });
        const { access_token } = await http<{ access_token: string }>('/api/auth/token', { body });
        set({ token: access_token });
      },
    }),
    {
      name: 'todo-session',
      storage: createJSONStorage(() => sessionStorage),
      partialize: ({ token }) => ({ token }),
    },
  ),
);

export function leave(): void {
  useSession.setState({ token: '' });
}

/** Call as the user who is signed in; a 401 ends the session, and whoever watches it moves on. */
export async function httpAsUser<T>(path: string, options: Options = {}): Promise<T> {
  const { token } = useSession.getState();
  try {
    return await http<T>(path, { ...options, token });
  } catch (error) {
    const isRefused = error instanceof HttpError && error.status === 401;
    if (isRefused && useSession.getState().token === token) leave();
    throw error;
  }
}
