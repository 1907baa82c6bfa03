'use client';

import { type ComponentProps, type FormEvent, type ReactNode, useId } from 'react';
import {
  type FieldValues,
  FormProvider,
  type UseFormReturn,
  useFormContext,
  useFormState,
} from 'react-hook-form';
import { Alert } from './alert';
import { Button } from './button';
import { Input } from './input';
import { Label } from './label';

type FormProps<T extends FieldValues> = {
  form: UseFormReturn<T>;
  onSubmit: (event: FormEvent) => void;
  children: ReactNode;
};

export function Form<T extends FieldValues>({ form, onSubmit, children }: FormProps<T>) {
  return (
    <FormProvider {...form}>
      <form onSubmit={onSubmit} noValidate className="grid gap-4">
        {children}
      </form>
    </FormProvider>
  );
}

type FormInputProps = ComponentProps<typeof Input> & { name: string; label: string };

export function FormInput({ name, label, ...props }: FormInputProps) {
  const { register, getFieldState } = useFormContext();
  const { error } = getFieldState(name, useFormState({ name }));
  const id = useId();
  return (
    <div className="grid gap-2">
      <Label htmlFor={id}>{label}</Label>
      <Input
        id={id}
        aria-invalid={Boolean(error)}
        aria-describedby={error && `${id}-message`}
        {...props}
        {...register(name)}
      />
      {error && (
        <p id={`${id}-message`} className="text-sm text-destructive">
          {error.message}
        </p>
      )}
    </div>
  );
}

export function FormError() {
  const { errors } = useFormState();
  return errors.root && <Alert>{errors.root.message}</Alert>;
}

export function FormSubmit({ children }: { children: ReactNode }) {
  const { isSubmitting } = useFormState();
  return (
    <Button type="submit" aria-disabled={isSubmitting} className="justify-self-start">
      {children}
    </Button>
  );
}
