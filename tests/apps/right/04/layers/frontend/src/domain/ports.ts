import type { Result } from './result';
import type { Filter, Slice, Task } from './task';

export interface SessionStore {
  read(): string | null;
  write(token: string, seconds: number): void;
  clear(): void;
}

export interface Accounts {
  signIn(email: string, password: string): Promise<Result<{ token: string; seconds: number }>>;
  register(name: string, email: string, password: string): Promise<Result<unknown>>;
}

export interface Tasks {
  list(filter: Filter, offset: number): Promise<Result<Slice>>;
  add(title: string): Promise<Result<Task>>;
  change(id: string, changes: Partial<Pick<Task, 'title' | 'status'>>): Promise<Result<Task>>;
  remove(id: string): Promise<Result<null>>;
}
