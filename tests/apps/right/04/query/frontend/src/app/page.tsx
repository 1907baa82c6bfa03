'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useToken } from '@/lib/session';

export default function Home() {
  const token = useToken();
  const router = useRouter();
  useEffect(() => {
    if (token !== undefined) router.replace(token ? '/tasks' : '/login');
  }, [token, router]);
  return null;
}
