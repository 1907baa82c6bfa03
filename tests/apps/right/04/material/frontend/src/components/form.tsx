'use client';

import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField, { type TextFieldProps } from '@mui/material/TextField';
import type { FormEvent, ReactNode } from 'react';
import {
  type FieldValues,
  FormProvider,
  type UseFormReturn,
  useFormContext,
  useFormState,
} from 'react-hook-form';

type FormProps<T extends FieldValues> = {
  form: UseFormReturn<T>;
  onSubmit: (event: FormEvent) => void;
  children: ReactNode;
};

export function Form<T extends FieldValues>({ form, onSubmit, children }: FormProps<T>) {
  return (
    <FormProvider {...form}>
      <Stack component="form" onSubmit={onSubmit} noValidate spacing={2}>
        {children}
      </Stack>
    </FormProvider>
  );
}

export function FormField({ name, ...props }: TextFieldProps & { name: string }) {
  const { register, getFieldState } = useFormContext();
  const { error } = getFieldState(name, useFormState({ name }));
  return (
    <TextField
      fullWidth
      required
      error={Boolean(error)}
      helperText={error?.message}
      {...props}
      {...register(name)}
    />
  );
}

export function FormError() {
  const { errors } = useFormState();
  return errors.root && <Alert severity="error">{errors.root.message}</Alert>;
}

export function FormSubmit({ children }: { children: ReactNode }) {
  const { isSubmitting } = useFormState();
  return (
    <Button type="submit" variant="contained" aria-disabled={isSubmitting}>
      {children}
    </Button>
  );
}
