'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { register, signIn } from '@/lib/api';
import { type Register, registerSchema } from '@/lib/schemas';
import { setToken } from '@/lib/session';
import { useSubmit } from '@/lib/use-submit';
import { Form, FormError, FormInput, FormSubmit } from './ui/form';

export function RegisterForm() {
  const router = useRouter();
  const form = useForm<Register>({
    resolver: zodResolver(registerSchema),
    defaultValues: { name: '', email: '', password: '' },
  });

  async function send(values: Register): Promise<void> {
    await register(values);
    setToken(await signIn(values));
    router.push('/tasks');
  }

  const onSubmit = useSubmit(form, send);

  return (
    <>
      <h1 className="text-2xl font-semibold">Create account</h1>
      <Form form={form} onSubmit={onSubmit}>
        <FormInput name="name" label="Name" autoComplete="name" />
        <FormInput name="email" label="Email" type="email" autoComplete="email" />
        <FormInput name="password" label="Password" type="password" autoComplete="new-password" />
        <FormError />
        <FormSubmit>Create account</FormSubmit>
      </Form>
      <p className="text-sm">
        Have an account?{' '}
        <Link href="/login" className="underline underline-offset-4">
          Sign in
        </Link>
      </p>
    </>
  );
}
