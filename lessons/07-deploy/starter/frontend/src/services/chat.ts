/** The chatbot, and what was said before. */
import { callApi, openStream } from '@/lib/api-client';
import { ApiError } from '@/lib/api-error';
import { readEvents } from '@/lib/server-events';
import type { ChatModel, ChatRequest, ConversationDetail, ConversationList } from '@/types';

export type ToolStatus = 'running' | 'completed' | 'failed';

export type ChatEvent =
  | { type: 'start'; conversationId: string }
  | { type: 'token'; text: string }
  | { type: 'tool'; name: string; status: ToolStatus };

/**
 * Ask, and yield what happens until the answer is complete.
 *
 * @throws ApiError when there is no answer, when it fails half-way, or when it breaks off.
 */
export async function* streamAnswer(
  question: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const body = await openStream('/api/chat/stream', question, signal);
  try {
    for await (const { name, data } of readEvents(body)) {
      const value = JSON.parse(data);
      if (name === 'start') yield { type: 'start', conversationId: value.conversation_id };
      if (name === 'token') yield { type: 'token', text: value.text };
      if (name === 'tool') yield { type: 'tool', name: value.name, status: value.status };
      if (name === 'done') return;
      if (name === 'error') throw new ApiError(value.detail, 200);
    }
  } catch (cause) {
    if (cause instanceof ApiError || signal.aborted) throw cause;
    throw new ApiError('The connection broke in the middle of the answer.', 200);
  }
  throw new ApiError('The answer broke off. Please try again.', 200);
}

export function readModel(signal?: AbortSignal): Promise<ChatModel> {
  return callApi('/api/chat', { signal });
}

export function listConversations(signal?: AbortSignal): Promise<ConversationList> {
  return callApi('/api/conversations', { signal });
}

export function readConversation(id: string, signal?: AbortSignal): Promise<ConversationDetail> {
  return callApi(`/api/conversations/${encodeURIComponent(id)}`, { signal });
}

export function deleteConversation(id: string): Promise<void> {
  return callApi(`/api/conversations/${encodeURIComponent(id)}`, { method: 'DELETE' });
}
