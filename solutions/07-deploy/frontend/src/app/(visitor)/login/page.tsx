import type { Metadata } from 'next';
import { AuthCard } from '@/components/auth/auth-card';
import { LoginForm } from '@/components/auth/login-form';

export const metadata: Metadata = { title: 'Sign in' };

export default function LoginPage() {
  return (
    <AuthCard
      heading="Welcome back"
      lead="Sign in to see your tasks."
      other={{ question: 'New here?', href: '/register', label: 'Create account' }}
    >
      <LoginForm />
    </AuthCard>
  );
}
