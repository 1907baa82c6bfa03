'use client';

import { useId } from 'react';

type Props = {
  label: string;
  name: string;
  type?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  defaultValue?: string | undefined;
  problem?: string | undefined;
};

export function TextInput({ label, problem, ...input }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} {...input} aria-invalid={!!problem} aria-errormessage={`${id}-problem`} />
      <span id={`${id}-problem`} role="alert">
        {problem}
      </span>
    </div>
  );
}
