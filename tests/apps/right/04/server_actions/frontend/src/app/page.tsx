import { redirect } from 'next/navigation';

/** Only a fallback: proxy.ts has led on already. */
export default function Home() {
  redirect('/tasks');
}
