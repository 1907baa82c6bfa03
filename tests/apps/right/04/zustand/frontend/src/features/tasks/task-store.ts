import { create } from 'zustand';
import { httpAsUser } from '~/features/session/session-store';
import { describe } from '~/shared/http';

export type Status = 'pending' | 'in_progress' | 'completed';
export type Task = { id: string; title: string; description: string | null; status: Status };
export type Filter = Status | '';
type Page = { items: Task[]; total: number };

type Tasks = {
  filter: Filter;
  tasks: Task[];
  total: number;
  /** `ready` once a first list has come: only then the page is shown. */
  state: 'new' | 'ready' | 'failed';
  error: string;
  /** Why a task that was taken off the list is on it again. */
  regret: string;
  load: (filter?: Filter) => Promise<void>;
  loadMore: () => Promise<void>;
  add: (title: string) => Promise<void>;
  change: (id: string, changes: Partial<Task>) => Promise<void>;
  remove: (id: string) => Promise<void>;
};

const PAGE = 50;
const NOTHING = { filter: '', tasks: [], total: 0, state: 'new', error: '', regret: '' } as const;

let latest = 0;

function fetchPage(filter: Filter, offset: number): Promise<Page> {
  const status = filter ? `&status=${filter}` : '';
  return httpAsUser<Page>(`/api/tasks?limit=${PAGE}&offset=${offset}${status}`);
}

export const useTasks = create<Tasks>()((set, get) => ({
  ...NOTHING,
  tasks: [],

  async load(filter = get().filter) {
    const mine = ++latest;
    set({ filter });
    try {
      const { items, total } = await fetchPage(filter, 0);
      if (mine === latest) set({ tasks: items, total, state: 'ready', error: '' });
    } catch (error) {
      if (mine !== latest) return;
      const state = get().state === 'ready' ? 'ready' : 'failed';
      set({ state, error: describe(error), tasks: [], total: 0 });
    }
  },

  async loadMore() {
    const { filter, tasks } = get();
    const { items, total } = await fetchPage(filter, tasks.length);
    if (get().filter !== filter) return;
    const known = new Set(get().tasks.map((task) => task.id));
    const fresh = items.filter((task) => !known.has(task.id));
    const all = [...get().tasks, ...fresh];
    set({ tasks: all, total: fresh.length ? total : all.length });
  },

  async add(title) {
    await httpAsUser<Task>('/api/tasks', { body: { title } });
    await get().load();
  },

  async change(id, changes) {
    const task = await httpAsUser<Task>(`/api/tasks/${id}`, { method: 'PATCH', body: changes });
    const { filter, tasks, total } = get();
    if (filter && task.status !== filter) {
      set({ tasks: tasks.filter((one) => one.id !== id), total: total - 1 });
    } else {
      set({ tasks: tasks.map((one) => (one.id === id ? task : one)) });
    }
  },

  async remove(id) {
    const { tasks, total } = get();
    set({ tasks: tasks.filter((task) => task.id !== id), total: total - 1, regret: '' });
    try {
      await httpAsUser(`/api/tasks/${id}`, { method: 'DELETE' });
    } catch (error) {
      set({ tasks, total, regret: describe(error) });
    }
  },
}));

export function forgetTasks(): void {
  latest++;
  useTasks.setState({ ...NOTHING, tasks: [] });
}
