'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { ApiError, api } from '@/lib/api';
import { writeToken } from '@/lib/session';
import { useSingle } from '@/lib/use-single';

type Account = { name: string; email: string; password: string };

export function AccountForm({ isNew = false }: { isNew?: boolean }) {
  const router = useRouter();
  const entering = useSingle({
    async mutationFn(account: Account) {
      if (isNew) await api.register(account);
      writeToken(await api.signIn(account.email, account.password));
      router.push('/tasks');
    },
  });
  const fields = entering.error instanceof ApiError ? entering.error.fields : {};
  const isBesideField = Object.keys(fields).length > 0;
  const title = isNew ? 'Create account' : 'Sign in';

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    entering.run(Object.fromEntries(new FormData(event.currentTarget)) as Account);
  }

  return (
    <>
      <h1>{title}</h1>
      <form onSubmit={submit} noValidate>
        {isNew && <Field label="Name" name="name" error={fields.name} />}
        <Field label="Email" name="email" type="email" error={fields.email ?? fields.username} />
        <Field label="Password" name="password" type="password" error={fields.password} />
        {entering.error && !isBesideField && <p role="alert">{entering.error.message}</p>}
        <button type="submit" aria-disabled={entering.isPending}>
          {title}
        </button>
      </form>
      <p>{isNew ? <Link href="/login">Sign in</Link> : <Link href="/register">Create account</Link>}</p>
    </>
  );
}

type FieldProps = { label: string; name: string; type?: string; error: string | undefined };

function Field({ label, name, type = 'text', error }: FieldProps) {
  return (
    <p>
      <label htmlFor={name}>{label}</label>{' '}
      <input id={name} name={name} type={type} aria-describedby={error && `${name}-error`} />
      {error && (
        <span id={`${name}-error`} role="alert">
          {error}
        </span>
      )}
    </p>
  );
}
