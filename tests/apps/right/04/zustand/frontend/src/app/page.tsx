import { WhereTo } from '~/features/session/where-to';

export const metadata = { title: 'To do' };

export default function Page() {
  return <WhereTo />;
}
