/** Names for the backend's shapes. They come from api.ts, which `npm run types` writes. */
import type { components } from './api';

type Schemas = components['schemas'];

export type User = Schemas['UserPublic'];
export type NewUser = Schemas['UserCreate'];
export type Token = Schemas['Token'];

export type Task = Schemas['TaskPublic'];
export type TaskList = Schemas['TaskList'];
export type TaskStatus = Schemas['TaskStatus'];
export type NewTask = Schemas['TaskCreate'];
export type TaskChanges = Schemas['TaskUpdate'];
