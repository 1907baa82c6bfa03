import { AccountForm } from '@/features/account-form';

export const metadata = { title: 'Sign in' };

export default function Page() {
  return <AccountForm />;
}
