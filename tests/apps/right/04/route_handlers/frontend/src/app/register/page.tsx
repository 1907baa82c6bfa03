import { Entry } from '@/client/entry';

export const metadata = { title: 'Create account' };

export default function Page() {
  return (
    <>
      <h1>Create account</h1>
      <Entry fields={['name', 'email', 'password']} action="Create account" />
      <a href="/login">Sign in</a>
    </>
  );
}
