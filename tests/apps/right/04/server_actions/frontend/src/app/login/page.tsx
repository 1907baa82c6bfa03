import type { Metadata } from 'next';
import Link from 'next/link';
import { LoginForm } from './form';

export const metadata: Metadata = { title: 'Sign in' };

type Props = { searchParams: Promise<{ ended?: string }> };

export default async function Login({ searchParams }: Props) {
  const { ended } = await searchParams;
  return (
    <>
      <h1>Sign in</h1>
      {ended && <p>Your session has ended. Please sign in again.</p>}
      <LoginForm />
      <p>
        New here? <Link href="/register">Create account</Link>
      </p>
    </>
  );
}
