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
      {/* TODO L4.5: the alert, the fields Name, Email and Password, and the button. */}
    </form>
  );
}
