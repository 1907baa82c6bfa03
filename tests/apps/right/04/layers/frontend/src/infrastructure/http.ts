import type { SessionStore } from '@/domain/ports';
import { type Failure, failure, type Result, success } from '@/domain/result';

interface Problem {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

/** Speaks HTTP with the backend; nothing that it does raises an exception. */
export class HttpGateway {
  constructor(
    private readonly origin: string,
    private readonly session: SessionStore,
  ) {}

  get<T>(path: string): Promise<Result<T>> {
    return this.send<T>(path, { method: 'GET', headers: this.authorisation() });
  }

  post<T>(path: string, body: object): Promise<Result<T>> {
    return this.sendJson<T>('POST', path, body);
  }

  patch<T>(path: string, body: object): Promise<Result<T>> {
    return this.sendJson<T>('PATCH', path, body);
  }

  delete(path: string): Promise<Result<null>> {
    return this.send<null>(path, { method: 'DELETE', headers: this.authorisation() });
  }

  postForm<T>(path: string, fields: Record<string, string>): Promise<Result<T>> {
    return this.send<T>(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  private sendJson<T>(method: string, path: string, body: object): Promise<Result<T>> {
    const headers = { ...this.authorisation(), 'Content-Type': 'application/json' };
    return this.send<T>(path, { method, headers, body: JSON.stringify(body) });
  }

  private authorisation(): Record<string, string> {
    const token = this.session.read();
    return token ? { Authorization: `Bearer ${token}` } : {};
  }

  private async send<T>(path: string, init: RequestInit): Promise<Result<T>> {
    try {
      const response = await fetch(new URL(path, this.origin), init);
      const body: unknown = response.status === 204 ? null : await response.json();
      return response.ok ? success(body as T) : this.refuse(response.status, body);
    } catch {
      return failure('unreachable', 'Taskboard cannot be reached. Are you online?');
    }
  }

  private refuse(status: number, body: unknown): { ok: false; failure: Failure } {
    const detail = (body as { detail?: string | Problem[] }).detail;
    if (status === 401) return failure('unauthorised', `${detail}`);
    if (!Array.isArray(detail)) return failure('refused', detail ?? `Error ${status}`);
    const fields = Object.fromEntries(detail.map(({ loc, msg }) => [`${loc.at(-1)}`, msg]));
    return failure('invalid', detail.map(({ msg }) => msg).join(' '), fields);
  }
}
