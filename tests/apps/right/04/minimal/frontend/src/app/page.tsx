'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

export default function Home() {
  const router = useRouter();
  useEffect(() => {
    router.replace(localStorage.token ? '/tasks' : '/login');
  }, [router]);
  return <title>To do</title>;
}
