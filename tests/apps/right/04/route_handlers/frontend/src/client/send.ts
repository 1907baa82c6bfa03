export type Task = { id: string; title: string; status: 'pending' | 'in_progress' | 'completed' };
export type Page = { items: Task[]; total: number };
type Item = { loc: string[]; msg: string };

export class Refusal extends Error {
  readonly status: number;
  readonly fields = new Map<string, string>();

  constructor(status: number, detail: unknown) {
    super(typeof detail === 'string' ? detail : 'That was not accepted.');
    this.status = status;
    if (!Array.isArray(detail)) return;
    for (const { loc, msg } of detail as Item[]) this.fields.set(`${loc.at(-1)}`, msg);
  }

  get text(): string {
    return this.fields.size ? [...this.fields.values()].join('; ') : this.message;
  }
}

export async function send<T>(path: string, method = 'GET', body?: object): Promise<T> {
  let response: Response;
  try {
    const headers = { 'Content-Type': 'application/json' };
    response = await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  } catch {
    throw new Refusal(0, 'You seem to be offline.');
  }
  if (response.status === 204) return undefined as T;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer.detail);
  return answer;
}
