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

export type Conversation = Schemas['ConversationPublic'];
export type ConversationList = Schemas['ConversationList'];
export type ConversationDetail = Schemas['ConversationDetail'];
export type Message = Schemas['MessagePublic'];
export type ChatRequest = Schemas['ChatRequest'];
export type ChatModel = Schemas['ChatModel'];
