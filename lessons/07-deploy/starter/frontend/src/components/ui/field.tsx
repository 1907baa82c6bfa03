'use client';

/** Inputs with their label, a hint, and what is wrong with them. */
import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './field.module.css';

type FrameProps = {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
};

type Props<Control extends 'input' | 'textarea' | 'select'> = FrameProps &
  Omit<ComponentProps<Control>, 'className'>;

export function Field({ label, hint, error, ...input }: Props<'input'>) {
  const control = useControl({ id: input.id, hint, error });
  return (
    <Frame label={label} hint={hint} error={error} controlId={control.id}>
      <input {...input} {...control} />
    </Frame>
  );
}

export function TextField({ label, hint, error, ...textarea }: Props<'textarea'>) {
  const control = useControl({ id: textarea.id, hint, error });
  return (
    <Frame label={label} hint={hint} error={error} controlId={control.id}>
      <textarea rows={3} {...textarea} {...control} />
    </Frame>
  );
}

export function SelectField({ label, hint, error, ...select }: Props<'select'>) {
  const control = useControl({ id: select.id, hint, error });
  return (
    <Frame label={label} hint={hint} error={error} controlId={control.id}>
      <select {...select} {...control} />
    </Frame>
  );
}

/** Return what ties a control to its label and to its note. */
function useControl({ id, hint, error }: Omit<FrameProps, 'label'> & { id: string | undefined }) {
  const ownId = useId();
  const controlId = id ?? ownId;
  return {
    id: controlId,
    className: styles.control,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': error || hint ? noteId(controlId) : undefined,
  } as const;
}

function Frame(props: FrameProps & { controlId: string; children: ReactNode }) {
  const { label, hint, error, controlId, children } = props;
  return (
    <div className={styles.field}>
      <label htmlFor={controlId}>{label}</label>
      {children}
      {hint && !error && (
        <p id={noteId(controlId)} className={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={noteId(controlId)} role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}

function noteId(controlId: string): string {
  return `${controlId}-note`;
}
