import { useRef, useState } from 'react';
import { describe } from './http';

/** Run one thing at a time: a second call while the first runs is left out. */
export function useOnce() {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');

  async function once(work: () => Promise<void>): Promise<void> {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError('');
    try {
      await work();
    } catch (caught) {
      setError(describe(caught));
    }
    running.current = false;
    setBusy(false);
  }

  return { once, busy, error };
}
