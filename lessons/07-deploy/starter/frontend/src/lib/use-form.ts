'use client';

import { type SubmitEvent, useEffect, useRef } from 'react';
import { useAction } from './use-action';

/**
 * Send a form: its values by name, its errors by field.
 *
 * The inputs keep their own text, so what was typed is still there after a failure. (React clears
 * a form whose `action` is a function; this one is sent from `onSubmit`.)
 */
export function useForm<const Name extends string>(
  names: readonly Name[],
  send: (values: Record<Name, string>) => Promise<void>,
) {
  const form = useRef<HTMLFormElement>(null);
  const { run, isPending, error } = useAction(send);

  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);

  function onSubmit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const values = names.map((name) => [name, String(data.get(name) ?? '')]);
    void run(Object.fromEntries(values));
  }

  const fields: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const message = error?.fields[name];
    if (message !== undefined) fields[name] = message;
  }
  const isShownByFields = error !== null && Object.keys(fields).length > 0;
  return {
    /** For the <form>. The backend checks; the browser's own bubbles stay away. */
    props: { ref: form, onSubmit, noValidate: true },
    isPending,
    fields,
    /** What no field shows. */
    alert: isShownByFields ? null : error,
  };
}
