'use client';

import { useFormStatus } from 'react-dom';

/** Sends its form once: while the action runs, a click (or Enter, which is one) does nothing. */
export function Submit({ label, children }: { label?: string; children: string }) {
  const { pending } = useFormStatus();
  return (
    <button
      type="submit"
      aria-label={label}
      aria-disabled={pending}
      onClick={(event) => {
        if (pending) event.preventDefault();
      }}
    >
      {children}
    </button>
  );
}
