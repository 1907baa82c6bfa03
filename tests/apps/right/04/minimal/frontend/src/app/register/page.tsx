'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';

const API = process.env.NEXT_PUBLIC_API_URL;

export default function Register() {
  const router = useRouter();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  async function register() {
    setBusy(true);
    setError('');
    try {
      let response = await fetch(`${API}/api/auth/register`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name, email, password }),
      });
      let answer = await response.json();
      if (response.ok) {
        response = await fetch(`${API}/api/auth/token`, {
          method: 'POST',
          body: new URLSearchParams({ username: email, password }),
        });
        answer = await response.json();
      }
      if (response.ok) {
        localStorage.token = answer.access_token;
        router.push('/tasks');
      } else if (typeof answer.detail === 'string') {
        setError(answer.detail);
      } else {
        const { loc, msg } = answer.detail[0];
        setError(`${loc.at(-1)}: ${msg}`);
      }
    } catch {
      setError('The backend cannot be reached.');
    }
    setBusy(false);
  }

  return (
    <main>
      <title>Create account</title>
      <h1>Welcome</h1>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) register();
        }}
      >
        <p>
          <label htmlFor="name">Name</label>{' '}
          <input
            id="name"
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </p>
        <p>
          <label htmlFor="email">Email</label>{' '}
          <input
            id="email"
            type="email"
            autoComplete="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </p>
        <p>
          <label htmlFor="password">Password</label>{' '}
          <input
            id="password"
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            aria-describedby="error"
          />
        </p>
        <p role="alert" id="error">
          {error}
        </p>
        <button aria-disabled={busy}>Create account</button>
      </form>
      <a href="/login">Sign in</a>
    </main>
  );
}
