import { Entry } from '@/client/entry';

export const metadata = { title: 'Sign in' };

export default function Page() {
  return (
    <>
      <h1>Sign in</h1>
      <Entry fields={['email', 'password']} action="Sign in" />
      <a href="/register">Create account</a>
    </>
  );
}
