import type { Metadata } from 'next';
import { AuthCard } from '@/components/auth/auth-card';
import { RegisterForm } from '@/components/auth/register-form';

export const metadata: Metadata = { title: 'Create account' };

export default function RegisterPage() {
  return (
    <AuthCard
      heading="Start your taskboard"
      lead="One account, all your tasks."
      other={{ question: 'Have an account?', href: '/login', label: 'Sign in' }}
    >
      <RegisterForm />
    </AuthCard>
  );
}
