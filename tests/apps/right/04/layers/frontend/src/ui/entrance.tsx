'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, type InputHTMLAttributes, useRef, useState } from 'react';
import { useServices } from '@/application/services';
import type { Failure } from '@/domain/result';

export function Entrance({ kind }: { kind: 'login' | 'register' }) {
  const { accounts, session } = useServices();
  const router = useRouter();
  const [values, setValues] = useState({ name: '', email: '', password: '' });
  const [failure, setFailure] = useState<Failure | null>(null);
  const isRunning = useRef(false);
  const isNew = kind === 'register';
  const words = isNew ? 'Create account' : 'Sign in';
  const isBesideField = Object.keys(failure?.fields ?? {}).some((name) => name in values);

  async function enter(): Promise<Failure | null> {
    const { name, email, password } = values;
    const made = isNew ? await accounts.register(name, email, password) : null;
    if (made && !made.ok) return made.failure;
    const granted = await accounts.signIn(email, password);
    if (!granted.ok) return granted.failure;
    session.write(granted.value.token, granted.value.seconds);
    router.push('/tasks');
    return null;
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isRunning.current) return;
    isRunning.current = true;
    setFailure(null);
    setFailure(await enter());
    isRunning.current = false;
  }

  const bind = (name: keyof typeof values) => ({
    id: name,
    value: values[name],
    problem: failure?.fields[name],
    onChange: (event: { target: { value: string } }) =>
      setValues({ ...values, [name]: event.target.value }),
  });

  return (
    <>
      <h1>{words}</h1>
      <form onSubmit={submit} noValidate>
        {isNew && <Input label="Name" autoComplete="name" {...bind('name')} />}
        <Input label="Email" type="email" autoComplete="email" {...bind('email')} />
        <Input label="Password" type="password" autoComplete="current-password" {...bind('password')} />
        {failure && !isBesideField && <p role="alert">{failure.message}</p>}
        <button type="submit">{words}</button>
      </form>
      <nav>{isNew ? <Link href="/login">Sign in</Link> : <Link href="/register">Create account</Link>}</nav>
    </>
  );
}

type InputProps = InputHTMLAttributes<HTMLInputElement> & {
  id: string;
  label: string;
  problem: string | undefined;
};

function Input({ label, problem, ...rest }: InputProps) {
  return (
    <div>
      <label htmlFor={rest.id}>
        {label}
        <span aria-hidden="true"> *</span>
      </label>{' '}
      <input {...rest} aria-invalid={Boolean(problem)} />
      {problem && <p role="alert">{problem}</p>}
    </div>
  );
}
