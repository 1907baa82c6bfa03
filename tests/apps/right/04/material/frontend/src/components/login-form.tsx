'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import NextLink from 'next/link';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { signIn } from '@/lib/api';
import { type Login, loginSchema } from '@/lib/schemas';
import { setToken } from '@/lib/session';
import { useSubmit } from '@/lib/use-submit';
import { Form, FormError, FormField, FormSubmit } from './form';

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
      <Typography variant="h4" component="h1">
        Sign in
      </Typography>
      <Form form={form} onSubmit={onSubmit}>
        <FormField name="email" label="Email" type="email" autoComplete="email" />
        <FormField name="password" label="Password" type="password" autoComplete="current-password" />
        <FormError />
        <FormSubmit>Sign in</FormSubmit>
      </Form>
      <Typography>
        New here?{' '}
        <Link component={NextLink} href="/register">
          Create account
        </Link>
      </Typography>
    </>
  );
}
