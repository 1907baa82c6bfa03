import type { Accounts, Tasks } from '@/domain/ports';
import { type Result, success } from '@/domain/result';
import { type Filter, PAGE_SIZE, type Slice, type Task } from '@/domain/task';
import type { HttpGateway } from './http';

interface Grant {
  readonly access_token: string;
  readonly expires_in: number;
}

export class HttpAccounts implements Accounts {
  constructor(private readonly http: HttpGateway) {}

  async signIn(email: string, password: string) {
    const fields = { username: email, password };
    const granted = await this.http.postForm<Grant>('/api/auth/token', fields);
    if (!granted.ok) return granted;
    const { access_token: token, expires_in: seconds } = granted.value;
    return success({ token, seconds });
  }

  register(name: string, email: string, password: string): Promise<Result<unknown>> {
    return this.http.post('/api/auth/register', { name, email, password });
  }
}

export class HttpTasks implements Tasks {
  constructor(private readonly http: HttpGateway) {}

  list(filter: Filter, offset: number): Promise<Result<Slice>> {
    const status = filter === 'all' ? '' : `status=${filter}&`;
    return this.http.get(`/api/tasks?${status}limit=${PAGE_SIZE}&offset=${offset}`);
  }

  add(title: string): Promise<Result<Task>> {
    return this.http.post('/api/tasks', { title });
  }

  change(id: string, changes: Partial<Pick<Task, 'title' | 'status'>>): Promise<Result<Task>> {
    return this.http.patch(`/api/tasks/${id}`, changes);
  }

  remove(id: string): Promise<Result<null>> {
    return this.http.delete(`/api/tasks/${id}`);
  }
}
