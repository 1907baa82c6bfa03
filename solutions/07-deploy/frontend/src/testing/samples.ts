/** Data as the backend sends it. */
import type { Task, User } from '@/types';

export const ada: User = {
  id: '11111111-1111-4111-8111-111111111111',
  email: 'ada@example.com',
  name: 'Ada',
  created_at: '2026-11-01T08:00:00Z',
};

export function makeTask(title: string, more: Partial<Task> = {}): Task {
  return {
    id: `id-of-${title.replaceAll(' ', '-')}`,
    user_id: ada.id,
    title,
    description: null,
    status: 'pending',
    created_at: '2026-11-02T08:00:00Z',
    updated_at: '2026-11-02T08:00:00Z',
    ...more,
  };
}

/** A 422 as FastAPI words it. */
export function refuseField(name: string, msg: string) {
  return { status: 422, body: { detail: [{ type: 'value_error', loc: ['body', name], msg }] } };
}
