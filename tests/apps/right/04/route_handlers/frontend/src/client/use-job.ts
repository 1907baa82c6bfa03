'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { Refusal } from './send';

/** One job at a time; what goes wrong is kept, and a session that has ended is left. */
export function useJob({ leads = true } = {}) {
  const router = useRouter();
  const current = useRef<Promise<void>>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  async function run(work: () => Promise<void>): Promise<void> {
    setIsBusy(true);
    setRefusal(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefusal(error);
      if (error.status === 401 && leads) router.replace('/login');
    } finally {
      current.current = null;
      setIsBusy(false);
    }
  }

  function start(work: () => Promise<void>): void {
    current.current ??= run(work);
  }

  return { start, isBusy, refusal };
}
