'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { http } from '~/shared/http';
import { useOnce } from '~/shared/once';
import { useSession } from './session-store';

/** One form for both pages: a new account has a name as well. */
export function Credentials({ isNew }: { isNew: boolean }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSession((session) => session.signIn);
  const { once, busy, error } = useOnce();
  const router = useRouter();
  const action = isNew ? 'Create account' : 'Sign in';

  function submit(event: FormEvent): void {
    event.preventDefault();
    void once(async () => {
      if (isNew) await http('/api/auth/register', { body: { name, email, password } });
      await signIn(email, password);
      router.push('/tasks');
    });
  }

  return (
    <>
      <h1>{action}</h1>
      <form onSubmit={submit}>
        {isNew && (
          <label>
            Name
            <input value={name} onChange={(e) => setName(e.target.value)} autoComplete="name" />
          </label>
        )}
        <label>
          Email
          <input
            type="email"
            required
            value={email}
            onChange={(e) => setEmail(e.target.value)}
            autoComplete="username"
          />
        </label>
        <label>
          Password
          <input
            type="password"
            required
            minLength={8}
            value={password}
            onChange={(e) => setPassword(e.target.value)}
            autoComplete={isNew ? 'new-password' : 'current-password'}
          />
        </label>
        {error && <p role="alert">{error}</p>}
        <button type="submit" aria-disabled={busy}>
          {action}
        </button>
      </form>
      <p>
        {isNew ? <Link href="/login">Sign in</Link> : <Link href="/register">Create account</Link>}
      </p>
    </>
  );
}
