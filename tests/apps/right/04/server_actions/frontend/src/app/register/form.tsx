'use client';

import { useActionState } from 'react';
import { createAccount } from '@/app/actions';
import { Submit } from '@/components/submit';
import { TextInput } from '@/components/text-input';
import { EMPTY } from '@/lib/form-state';

export function RegisterForm() {
  const [{ typed, error, fields }, action] = useActionState(createAccount, EMPTY);
  return (
    <form action={action}>
      <TextInput
        label="Name"
        name="name"
        autoComplete="name"
        defaultValue={typed.name}
        problem={fields.name}
      />
      <TextInput
        label="Email"
        name="email"
        autoComplete="email"
        defaultValue={typed.email}
        problem={fields.email}
      />
      <TextInput
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        defaultValue={typed.password}
        problem={fields.password}
      />
      {error && <p role="alert">{error}</p>}
      <Submit>Create account</Submit>
    </form>
  );
}
