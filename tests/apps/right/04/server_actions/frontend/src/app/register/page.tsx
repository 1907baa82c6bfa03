import type { Metadata } from 'next';
import Link from 'next/link';
import { RegisterForm } from './form';

export const metadata: Metadata = { title: 'Create account' };

export default function Register() {
  return (
    <>
      <h1>Create account</h1>
      <RegisterForm />
      <p>
        Been here before? <Link href="/login">Sign in</Link>
      </p>
    </>
  );
}
