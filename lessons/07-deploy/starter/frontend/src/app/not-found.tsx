import type { Metadata } from 'next';
import Link from 'next/link';
import { PageHeading } from '@/components/ui/page-heading';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFoundPage() {
  return (
    <div className="message">
      <PageHeading>There is no such page</PageHeading>
      <p>The address may have a typing error, or the page has moved.</p>
      <p>
        <Link href="/">Go to your tasks</Link>
      </p>
    </div>
  );
}
