'use client';

import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';

export function TryAgain({ children }: { children: ReactNode }) {
  const router = useRouter();
  return (
    <div>
      <p role="alert">{children}</p>
      <button onClick={() => router.refresh()}>Try again</button>
    </div>
  );
}
