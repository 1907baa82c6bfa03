import { Gate } from '@/features/board';

export const metadata = { title: 'Tasks' };

export default function Page() {
  return <Gate />;
}
