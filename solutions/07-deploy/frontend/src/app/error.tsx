'use client';

import { Button } from '@/components/ui/button';
import { PageHeading } from '@/components/ui/page-heading';

/** Shown in place of a page that broke. React has written the error to the console already. */
export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <div className="message">
      <PageHeading>Something broke</PageHeading>
      <p role="alert">That is a mistake of ours. Your tasks are safe.</p>
      <Button onClick={retry}>Try again</Button>
    </div>
  );
}
