'use client';

import { useRef, useState } from 'react';
import { ApiError } from './api-error';

/**
 * Run something that a user asked for: once at a time, with a sign that it runs, and with the
 * error when it fails.
 */
export function useAction<Args extends unknown[]>(action: (...args: Args) => Promise<void>) {
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // A state changes at the next render. The second click of a double click comes before that.
  const isRunning = useRef(false);

  async function run(...args: Args): Promise<void> {
    if (isRunning.current) return;
    isRunning.current = true;
    setIsPending(true);
    setError(null);
    try {
      await action(...args);
    } catch (caught) {
      setError(caught);
    } finally {
      isRunning.current = false;
      setIsPending(false);
    }
  }

  // Only the backend's refusals are news for the user. All else is a bug: the error page shows it.
  if (error !== null && !(error instanceof ApiError)) throw error;
  return { run, isPending, error };
}
