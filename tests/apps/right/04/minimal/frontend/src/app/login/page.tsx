'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

const API = process.env.NEXT_PUBLIC_API_URL;

export default function Login() {
  const router = useRouter();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const headers = { Authorization: `Bearer ${localStorage.token}` };
    fetch(`${API}/api/auth/me`, { headers })
      .then((response) => {
        if (response.ok) router.replace('/tasks');
        else console.warn('not signed in');
      })
      .catch(() => console.warn('the backend cannot be reached'));
  }, [router]);

  async function signIn() {
    setBusy(true);
    setError('');
    try {
      const response = await fetch(`${API}/api/auth/token`, {
        method: 'POST',
        body: new URLSearchParams({ username: email, password }),
      });
      const answer = await response.json();
      if (response.ok) {
        localStorage.token = answer.access_token;
        router.push('/tasks');
      } else {
        setError(typeof answer.detail === 'string' ? answer.detail : answer.detail[0].msg);
      }
    } catch {
      setError('The backend cannot be reached.');
    }
    setBusy(false);
  }

  return (
    <main>
      <title>Sign in</title>
      <h1>Welcome back</h1>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) signIn();
        }}
      >
        <p>
          <label htmlFor="email">Email</label>{' '}
          <input
            id="email"
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </p>
        <p>
          <label htmlFor="password">Password</label>{' '}
          <input
            id="password"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </p>
        <p role="alert">{error}</p>
        <button aria-disabled={busy}>Sign in</button>
      </form>
      <a href="/register">Create account</a>
    </main>
  );
}
