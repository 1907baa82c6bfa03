'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useSession } from './session-store';

/** Return the token once the browser's storage was read, null before. */
export function useToken(): string | null {
  const [isRead, setIsRead] = useState(false);
  const token = useSession((session) => session.token);
  useEffect(() => setIsRead(true), []);
  return isRead ? token : null;
}

/** Lead on from the address /. */
export function WhereTo() {
  const token = useToken();
  const router = useRouter();
  useEffect(() => {
    if (token !== null) router.replace(token ? '/tasks' : '/login');
  }, [token, router]);
  return <p>One moment…</p>;
}
