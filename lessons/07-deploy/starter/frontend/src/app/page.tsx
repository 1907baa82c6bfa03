import { redirect } from 'next/navigation';

/** Whoever is not signed in is sent on to /login from there. */
export default function HomePage() {
  redirect('/tasks');
}
