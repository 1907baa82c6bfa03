'use client';

import type { Route } from 'next';
import { useRouter } from 'next/navigation';
import { Fragment, type ReactNode, useEffect } from 'react';
import { LoadingError } from '@/components/ui/error-alert';
import { Loading } from '@/components/ui/loading';
import { PageHeading } from '@/components/ui/page-heading';
import { useAuth } from '@/context/auth-context';

type Props = {
  admits: 'signed-in' | 'signed-out';
  /** Where everybody else goes. */
  otherwise: Route;
  children: ReactNode;
};

/**
 * Show a page to those it is for, and send the others away.
 *
 * It decides what is seen, no more. What is private comes from the backend, which asks for a token.
 */
export function Gate({ admits, otherwise, children }: Props) {
  const { state, checkAgain } = useAuth();
  const router = useRouter();
  const isDecided = state.status === 'signed-in' || state.status === 'signed-out';
  const isWrongPlace = isDecided && state.status !== admits;

  useEffect(() => {
    if (isWrongPlace) router.replace(otherwise);
  }, [isWrongPlace, otherwise, router]);

  if (state.status === 'unknown') {
    return (
      <div className="message">
        <PageHeading>Taskboard is not available</PageHeading>
        <LoadingError error={state.error} onRetry={checkAgain} />
      </div>
    );
  }
  if (state.status !== admits) return <Loading />;
  // Another tab may sign in as somebody else: nothing of the one user may stay for the other.
  return <Fragment key={state.status === 'signed-in' ? state.user.id : null}>{children}</Fragment>;
}
