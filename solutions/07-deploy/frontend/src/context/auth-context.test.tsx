import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { Gate } from '@/components/auth/gate';
import { readToken, removeToken, saveToken } from '@/lib/session';
import { type Reply, startFakeBackend } from '@/testing/fake-backend';
import { ada } from '@/testing/samples';
import { AuthProvider, useAuth } from './auth-context';

const router = { replace: vi.fn() };
vi.mock('next/navigation', () => ({ useRouter: () => router }));
beforeEach(() => router.replace.mockClear());

const isAda = { status: 200, body: ada };

function LoginPage() {
  const { state } = useAuth();
  return state.status === 'signed-out' && state.hasEnded ? 'Your session has ended' : null;
}

function PrivatePage() {
  const { signOut } = useAuth();
  return (
    <button type="button" onClick={signOut}>
      Private
    </button>
  );
}

function openPrivatePage(me: Reply) {
  const backend = startFakeBackend({ 'GET /api/auth/me': me });
  render(
    <AuthProvider>
      <Gate admits="signed-in" otherwise="/login">
        <PrivatePage />
      </Gate>
      <LoginPage />
    </AuthProvider>,
  );
  return backend;
}

test('a visitor without a token is sent to sign in, and the backend is not asked', () => {
  const { asked } = openPrivatePage(isAda);
  expect(screen.queryByText('Private')).toBeNull();
  expect(router.replace).toHaveBeenCalledExactlyOnceWith('/login');
  expect(asked).toEqual([]);
});

test('a kept token opens the page again', async () => {
  saveToken('abc');
  openPrivatePage(isAda);
  expect(screen.queryByText('Private')).toBeNull();
  await screen.findByText('Private');
});

test('a token that the backend takes no more leads to sign in, once', async () => {
  saveToken('stale');
  const { asked } = openPrivatePage({ status: 401, body: { detail: 'Please sign in.' } });
  await vi.waitFor(() => expect(router.replace).toHaveBeenCalledExactlyOnceWith('/login'));
  expect(readToken()).toBeNull();
  expect(asked).toHaveLength(1);
  await screen.findByText('Your session has ended');
});

test('a backend that is down ends no session, and can be asked again', async () => {
  saveToken('abc');
  const { replies } = openPrivatePage({ status: 503, body: { detail: 'No database.' } });
  expect(await screen.findByRole('alert')).toHaveProperty('textContent', 'No database.');
  replies['GET /api/auth/me'] = isAda;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('Private');
});

test('signing out forgets the token', async () => {
  saveToken('abc');
  openPrivatePage(isAda);
  await userEvent.click(await screen.findByText('Private'));
  expect(readToken()).toBeNull();
  expect(router.replace).toHaveBeenCalledExactlyOnceWith('/login');
  expect(screen.queryByText('Your session has ended')).toBeNull();
});

test('signing out in another tab signs out here', async () => {
  saveToken('abc');
  openPrivatePage(isAda);
  await screen.findByText('Private');
  act(() => removeToken());
  expect(screen.queryByText('Private')).toBeNull();
});

test('another user in another tab is asked for before anything is shown', async () => {
  saveToken('abc');
  const { asked } = openPrivatePage(isAda);
  await screen.findByText('Private');
  act(() => saveToken('of-grace'));
  expect(screen.queryByText('Private')).toBeNull();
  await screen.findByText('Private');
  expect(asked.map(({ token }) => token)).toEqual(['Bearer abc', 'Bearer of-grace']);
});
