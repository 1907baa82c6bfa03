'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { signIn } from '@/lib/api';
import { type Login, loginSchema } from '@/lib/schemas';
import { setToken } from '@/lib/session';
import { useSubmit } from '@/lib/use-submit';
import { Form, FormError, FormInput, FormSubmit } from './ui/form';

export function LoginForm() {
  const router = useRouter();
  const form = useForm<Login>({
    resolver: zodResolver(loginSchema),
    defaultValues: { email: '', password: '' },
  });

  async function send(values: Login): Promise<void> {
    setToken(await signIn(values));
    router.push('/tasks');
  }

  const onSubmit = useSubmit(form, send);

  return (
    <>
      <h1 className="text-2xl font-semibold">Sign in</h1>
      <Form form={form} onSubmit={onSubmit}>
        <FormInput name="email" label="Email" type="email" autoComplete="email" />
        <FormInput name="password" label="Password" type="password" autoComplete="current-password" />
        <FormError />
        <FormSubmit>Sign in</FormSubmit>
      </Form>
      <p className="text-sm">
        New here?{' '}
        <Link href="/register" className="underline underline-offset-4">
          Create account
        </Link>
      </p>
    </>
  );
}
