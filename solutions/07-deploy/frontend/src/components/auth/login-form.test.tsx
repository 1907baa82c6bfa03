import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AuthProvider } from '@/context/auth-context';
import { readToken } from '@/lib/session';
import { holdReply, type Reply, startFakeBackend } from '@/testing/fake-backend';
import { ada, refuseField } from '@/testing/samples';
import { LoginForm } from './login-form';

async function fillIn(token: Reply | (() => Promise<Reply>)) {
  const backend = startFakeBackend({
    'POST /api/auth/token': token,
    'GET /api/auth/me': { status: 200, body: ada },
  });
  render(<LoginForm />, { wrapper: AuthProvider });
  await userEvent.type(screen.getByLabelText('Email'), 'ada@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse');
  return backend;
}

const button = () => screen.getByRole('button', { name: 'Sign in' });
const signedIn = { status: 200, body: { access_token: 'abc', expires_in: 60 } };

test('the right password starts a session', async () => {
  await fillIn(signedIn);
  await userEvent.click(button());
  await expect.poll(readToken).toBe('abc');
});

test('a wrong password shows an alert and keeps what was typed', async () => {
  await fillIn({ status: 401, body: { detail: 'Wrong password.' } });
  await userEvent.click(button());
  expect(await screen.findByRole('alert')).toHaveProperty('textContent', 'Wrong password.');
  expect(screen.getByLabelText('Email')).toHaveProperty('value', 'ada@example.com');
});

test('what is wrong with a field stands beside it, and the field gets the focus', async () => {
  await fillIn(refuseField('username', 'Field required'));
  await userEvent.click(button());
  const note = await screen.findByText('Field required.');
  const email = screen.getByLabelText('Email');
  expect(email.getAttribute('aria-describedby')).toBe(note.id);
  expect(document.activeElement).toBe(email);
});

test('a double click asks once', async () => {
  const { reply, release } = holdReply(signedIn);
  const { asked } = await fillIn(reply);
  await userEvent.dblClick(button());
  expect(button().getAttribute('aria-disabled')).toBe('true');
  release();
  await expect.poll(readToken).toBe('abc');
  expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
});
