import { z } from 'zod';

const MAX_PASSWORD_BYTES = 72;

export const loginSchema = z.object({
  email: z.string().trim().min(1, 'Enter your email.'),
  password: z.string().min(1, 'Enter your password.'),
});

export const registerSchema = z.object({
  name: z.string().trim(),
  email: z.string().trim().pipe(z.email('Enter a valid email.')),
  password: z
    .string()
    .min(8, 'Use at least 8 characters.')
    .refine(
      (password) => new TextEncoder().encode(password).length <= MAX_PASSWORD_BYTES,
      'This password is too long.',
    ),
});

export const titleSchema = z.object({
  title: z.string().trim().min(1, 'Enter a title.').max(200, 'Use at most 200 characters.'),
});

const taskSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['pending', 'in_progress', 'completed']),
});

export const taskPageSchema = z.object({ items: z.array(taskSchema), total: z.number() });

export const tokenSchema = z.object({ access_token: z.string() });

export const errorSchema = z.object({
  detail: z.union([z.string(), z.array(z.object({ loc: z.array(z.coerce.string()), msg: z.string() }))]),
});

export type Login = z.infer<typeof loginSchema>;
export type Register = z.infer<typeof registerSchema>;
export type Title = z.infer<typeof titleSchema>;
export type Task = z.infer<typeof taskSchema>;
export type TaskPage = z.infer<typeof taskPageSchema>;
