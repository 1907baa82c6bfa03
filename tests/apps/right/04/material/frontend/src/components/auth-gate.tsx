'use client';

import CircularProgress from '@mui/material/CircularProgress';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';
import { fetchMe } from '@/lib/api';
import { useToken } from '@/lib/session';
import { LoadError } from './load-error';

export function AuthGate({ children }: { children: ReactNode }) {
  const token = useToken();
  const router = useRouter();
  const client = useQueryClient();
  const me = useQuery({
    queryKey: ['me', token],
    queryFn: fetchMe,
    enabled: Boolean(token),
    staleTime: Infinity,
  });

  useEffect(() => {
    if (token !== null) return;
    client.clear();
    router.replace('/login');
  }, [token, client, router]);

  if (token && me.isSuccess) return children;
  if (token && me.isError) return <LoadError error={me.error} onRetry={me.refetch} />;
  return <CircularProgress aria-label="Loading" />;
}
