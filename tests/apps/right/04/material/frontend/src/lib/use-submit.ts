import { type FormEvent, useRef } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { ApiError } from './api';

/** Submit a form once at a time, and show beside its fields what the backend refuses. */
export function useSubmit<T extends FieldValues>(
  form: UseFormReturn<T>,
  send: (values: T) => Promise<void>,
) {
  const isRunning = useRef(false);

  const submit = form.handleSubmit((values) => send(values).catch((error) => showError(form, error)));

  return async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isRunning.current) return;
    isRunning.current = true;
    await submit(event);
    isRunning.current = false;
  };
}

function showError<T extends FieldValues>(form: UseFormReturn<T>, error: Error): void {
  const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
  const own = fields.filter(([name]) => name in form.getValues());
  for (const [name, message] of own) form.setError(name as Path<T>, { message });
  if (own.length === 0) form.setError('root', { message: error.message });
}
