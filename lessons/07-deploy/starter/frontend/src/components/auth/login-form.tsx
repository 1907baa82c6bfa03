'use client';

import { Button } from '@/components/ui/button';
import { ErrorAlert } from '@/components/ui/error-alert';
import { Field } from '@/components/ui/field';
import { Notice } from '@/components/ui/notice';
import { useAuth } from '@/context/auth-context';
import { useForm } from '@/lib/use-form';

export function LoginForm() {
  const { state, signIn } = useAuth();
  const { props, isPending, fields, alert } = useForm(
    ['username', 'password'],
    async ({ username, password }) => signIn(username, password),
  );
  return (
    <form {...props}>
      {state.status === 'signed-out' && state.hasEnded && (
        <Notice>Your session has ended. Please sign in again.</Notice>
      )}
      {alert && <ErrorAlert error={alert} />}
      <Field
        label="Email"
        name="username"
        type="email"
        autoComplete="username"
        error={fields.username}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        error={fields.password}
      />
      <Button type="submit" isPending={isPending} isWide>
        Sign in
      </Button>
    </form>
  );
}
