import { Credentials } from '~/features/session/credentials';

export const metadata = { title: 'Sign in' };

export default function Page() {
  return <Credentials isNew={false} />;
}
