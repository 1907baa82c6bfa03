import type { ComponentProps } from 'react';

export function Input(props: ComponentProps<'input'>) {
  return (
    <input
      className="h-9 w-full min-w-0 rounded-md border bg-transparent px-3 text-base outline-none focus-visible:ring-2 focus-visible:ring-ring aria-invalid:border-destructive"
      {...props}
    />
  );
}
