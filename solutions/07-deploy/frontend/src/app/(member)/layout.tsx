import type { ReactNode } from 'react';
import { Gate } from '@/components/auth/gate';

export default function MemberLayout({ children }: { children: ReactNode }) {
  return (
    <Gate admits="signed-in" otherwise="/login">
      {children}
    </Gate>
  );
}
