'use client';

import { useActionState } from 'react';
import { signIn } from '@/app/actions';
import { Submit } from '@/components/submit';
import { TextInput } from '@/components/text-input';
import { EMPTY } from '@/lib/form-state';

export function LoginForm() {
  const [{ typed, error, fields }, action] = useActionState(signIn, EMPTY);
  return (
    <form action={action}>
      <TextInput
        label="Email"
        name="email"
        autoComplete="username"
        defaultValue={typed.email}
        problem={fields.username}
      />
      <TextInput
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        problem={fields.password}
      />
      {error && <p role="alert">{error}</p>}
      <Submit>Sign in</Submit>
    </form>
  );
}
