'use client';

import { Button } from '@/components/ui/button';
import { ErrorAlert } from '@/components/ui/error-alert';
import { Field } from '@/components/ui/field';
import { useAuth } from '@/context/auth-context';
import { useForm } from '@/lib/use-form';

export function RegisterForm() {
  const { register } = useAuth();
  const { props, isPending, fields, alert } = useForm(['name', 'email', 'password'], register);
  return (
    <form {...props}>
      {alert && <ErrorAlert error={alert} />}
      <Field label="Name" name="name" autoComplete="name" error={fields.name} />
      <Field label="Email" name="email" type="email" autoComplete="email" error={fields.email} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="8 characters or more"
        error={fields.password}
      />
      <Button type="submit" isPending={isPending} isWide>
        Create account
      </Button>
    </form>
  );
}
