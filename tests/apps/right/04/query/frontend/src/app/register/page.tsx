import { AccountForm } from '@/features/account-form';

export const metadata = { title: 'Create account' };

export default function Page() {
  return <AccountForm isNew />;
}
