'use client';

import { type ReactNode, useEffect } from 'react';
import { rescueFocus } from '@/lib/focus';

export const PAGE_HEADING = 'page-heading';

/** The heading of a page. Whoever comes from another page lands here: its link is gone. */
export function PageHeading({ children }: { children: ReactNode }) {
  useEffect(() => rescueFocus(PAGE_HEADING), []);
  return (
    <h1 id={PAGE_HEADING} tabIndex={-1}>
      {children}
    </h1>
  );
}
