import 'server-only';
import { type Answer, askAsUser, type Task } from '@/lib/backend';

type Tasks = { items: Task[]; total: number };

const PAGE = 50;

/** Read as many pages as are shown. What moves from one to the next meanwhile is shown once. */
export async function readTasks(status: string, shown: number): Promise<Answer<Tasks>> {
  const byId = new Map<string, Task>();
  for (let offset = 0; ; offset += PAGE) {
    const query = new URLSearchParams({ limit: `${PAGE}`, offset: `${offset}` });
    if (status) query.set('status', status);
    const answer = await askAsUser<Tasks>(`/api/tasks?${query}`);
    if (!answer.ok) return answer;
    for (const task of answer.data.items) byId.set(task.id, task);
    const { total } = answer.data;
    if (offset + PAGE >= Math.min(shown, total)) {
      return { ok: true, data: { items: [...byId.values()], total } };
    }
  }
}
