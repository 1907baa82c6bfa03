/** What is seen of a conversation; plain functions from one picture to the next. */
import type { ChatEvent, ToolStatus } from '@/services/chat';
import type { Message } from '@/types';

export type ToolUse = { name: string; status: ToolStatus };

export type Entry = {
  id: string;
  role: 'user' | 'assistant';
  text: string;
  tools: ToolUse[];
  /** How an answer ended that is not complete. */
  ending?: { text: string; isError: boolean };
};

let made = 0;

/** The id is a key for React, no more. (On http, save on localhost, crypto has no randomUUID.) */
export function makeEntry(role: Entry['role'], text: string): Entry {
  made += 1;
  return { id: `made-${made}`, role, text, tools: [] };
}

export function showMessage({ id, role, content }: Message): Entry {
  return { id, role, text: content, tools: [] };
}

/** Apply an event to the last entry, which is the answer that is coming. */
export function applyEvent(entries: Entry[], event: ChatEvent): Entry[] {
  // TODO L5.7: a token is added to the text of the last entry, a tool to its tools.
  if (event.type !== 'start') return entries;
  return entries;
}

/** Add a tool that runs, or note how the one that runs has ended. */
export function placeTool(tools: ToolUse[], { name, status }: ToolUse): ToolUse[] {
  const running = tools.findLastIndex((tool) => tool.name === name && tool.status === 'running');
  if (status === 'running' || running < 0) return [...tools, { name, status }];
  return tools.with(running, { name, status });
}

export function changeLast(entries: Entry[], change: (last: Entry) => Entry): Entry[] {
  const last = entries.at(-1);
  return last ? [...entries.slice(0, -1), change(last)] : entries;
}

/** Note why the answer that was coming is not complete. */
export function endEarly(entries: Entry[], text: string, isError: boolean): Entry[] {
  return changeLast(entries, (answer) => ({ ...answer, ending: { text, isError } }));
}
