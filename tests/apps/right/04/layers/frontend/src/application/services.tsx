'use client';

import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Accounts, SessionStore, Tasks } from '@/domain/ports';
import type { Result } from '@/domain/result';
import { CookieSession } from '@/infrastructure/cookie-session';
import { HttpGateway } from '@/infrastructure/http';
import { HttpAccounts, HttpTasks } from '@/infrastructure/repositories';

interface Services {
  readonly session: SessionStore;
  readonly accounts: Accounts;
  readonly tasks: Tasks;
}

const Context = createContext<Services | null>(null);

export function ServicesProvider({ children }: { children: ReactNode }) {
  const services = useMemo(() => {
    const session = new CookieSession();
    const http = new HttpGateway(process.env.NEXT_PUBLIC_API_URL ?? '', session);
    return { session, accounts: new HttpAccounts(http), tasks: new HttpTasks(http) };
  }, []);
  return <Context value={services}>{children}</Context>;
}

export function useServices(): Services {
  const services = useContext(Context);
  if (!services) throw new Error('outside of ServicesProvider');
  return services;
}

/** Return a function that lets a result pass, and leaves the page where the session has ended. */
export function useGuard(): <T>(result: Result<T>) => Result<T> {
  const { session } = useServices();
  const router = useRouter();
  return useMemo(
    () => (result) => {
      if (!result.ok && result.failure.kind === 'unauthorised') {
        session.clear();
        router.replace('/login');
      }
      return result;
    },
    [session, router],
  );
}
