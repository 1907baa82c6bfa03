import type { ReactNode } from 'react';
import { Gate } from '@/components/auth/gate';

export default function VisitorLayout({ children }: { children: ReactNode }) {
  return (
    <Gate admits="signed-out" otherwise="/tasks">
      {children}
    </Gate>
  );
}
