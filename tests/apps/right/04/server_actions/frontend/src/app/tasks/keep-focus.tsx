'use client';

import { useEffect, useRef } from 'react';

/** Give the focus to the heading when what had it is gone from the page. */
export function KeepFocus({ after }: { after: string }) {
  const last = useRef(after);
  useEffect(() => {
    if (last.current === after) return;
    last.current = after;
    if (document.activeElement === document.body) document.getElementById('heading')?.focus();
  }, [after]);
  return null;
}
