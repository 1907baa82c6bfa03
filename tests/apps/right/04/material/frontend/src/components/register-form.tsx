'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import NextLink from 'next/link';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { register, signIn } from '@/lib/api';
import { type Register, registerSchema } from '@/lib/schemas';
import { setToken } from '@/lib/session';
import { useSubmit } from '@/lib/use-submit';
import { Form, FormError, FormField, FormSubmit } from './form';

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
      <Typography variant="h4" component="h1">
        Create account
      </Typography>
      <Form form={form} onSubmit={onSubmit}>
        <FormField name="name" label="Name" required={false} autoComplete="name" />
        <FormField name="email" label="Email" type="email" autoComplete="email" />
        <FormField name="password" label="Password" type="password" autoComplete="new-password" />
        <FormError />
        <FormSubmit>Create account</FormSubmit>
      </Form>
      <Typography>
        Have an account?{' '}
        <Link component={NextLink} href="/login">
          Sign in
        </Link>
      </Typography>
    </>
  );
}
