import { Credentials } from '~/features/session/credentials';

export const metadata = { title: 'Create account' };

export default function Page() {
  return <Credentials isNew />;
}
