import { type Filter, matches, type Slice, type Task } from '@/domain/task';

export interface BoardState {
  readonly filter: Filter;
  readonly phase: 'opening' | 'loading' | 'ready' | 'failed';
  readonly tasks: readonly Task[];
  readonly total: number;
  readonly problem: string;
  readonly busy: ReadonlySet<string>;
}

export type Action =
  | { type: 'filtered'; filter: Filter }
  | { type: 'loaded'; filter: Filter; slice: Slice }
  | { type: 'extended'; filter: Filter; slice: Slice }
  | { type: 'loadFailed'; filter: Filter; problem: string }
  | { type: 'added'; task: Task }
  | { type: 'changed'; task: Task }
  | { type: 'removed'; id: string }
  | { type: 'begun'; key: string }
  | { type: 'ended'; key: string; problem: string };

export const INITIAL: BoardState = {
  filter: 'all',
  phase: 'opening',
  tasks: [],
  total: 0,
  problem: '',
  busy: new Set(),
};

export function reduce(state: BoardState, action: Action): BoardState {
  switch (action.type) {
    case 'filtered':
      return { ...state, filter: action.filter, phase: 'loading', tasks: [], total: 0, problem: '' };
    case 'loaded':
      if (action.filter !== state.filter) return state;
      return { ...state, phase: 'ready', tasks: action.slice.items, total: action.slice.total, problem: '' };
    case 'extended':
      return action.filter === state.filter ? extend(state, action.slice) : state;
    case 'loadFailed':
      if (action.filter !== state.filter) return state;
      return { ...state, phase: 'failed', tasks: [], total: 0, problem: action.problem };
    case 'added':
      if (!matches(action.task, state.filter)) return state;
      return { ...state, tasks: [action.task, ...state.tasks], total: state.total + 1 };
    case 'changed':
      return matches(action.task, state.filter)
        ? { ...state, tasks: state.tasks.map((one) => (one.id === action.task.id ? action.task : one)) }
        : without(state, action.task.id);
    case 'removed':
      return without(state, action.id);
    case 'begun':
      return { ...state, busy: new Set([...state.busy, action.key]), problem: '' };
    case 'ended': {
      const busy = new Set([...state.busy].filter((key) => key !== action.key));
      return { ...state, busy, problem: action.problem };
    }
  }
}

function without(state: BoardState, id: string): BoardState {
  const tasks = state.tasks.filter((task) => task.id !== id);
  return { ...state, tasks, total: state.total - (state.tasks.length - tasks.length) };
}

function extend(state: BoardState, slice: Slice): BoardState {
  const known = new Set(state.tasks.map((task) => task.id));
  const tasks = [...state.tasks, ...slice.items.filter((task) => !known.has(task.id))];
  const isAll = tasks.length === state.tasks.length;
  return { ...state, tasks, total: isAll ? tasks.length : slice.total };
}
