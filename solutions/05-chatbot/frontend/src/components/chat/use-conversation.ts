'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { ApiError } from '@/lib/api-error';
import { applyEvent, type Entry, endEarly, makeEntry, showMessage } from '@/lib/chat-log';
import { type ChatEvent, readConversation, streamAnswer } from '@/services/chat';

export const NEW = 'new';

/** `key` is what was asked for. A new conversation gets its `id` when its first answer begins. */
type Shown = { key: string; id: string | null; entries: Entry[] };

/**
 * Show a conversation, and ask in it.
 *
 * @param wanted its id, NEW for one that is to begin, null while it is not known which.
 * @param onBegin is told the id of a conversation in which an answer begins.
 */
export function useConversation(wanted: string | null, onBegin: (id: string) => void) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isAnswering, setIsAnswering] = useState(false);
  const answering = useRef<AbortController | null>(null);
  const isShown = shown !== null && (shown.key === wanted || shown.id === wanted);

  const load = useCallback(async (key: string, signal?: AbortSignal) => {
    setError(null);
    const loaded = await loadConversation(key, signal);
    if (signal?.aborted) return;
    if (loaded instanceof ApiError) setError(loaded);
    else setShown(loaded);
  }, []);

  /** Hang up: what comes from now on is for nobody. */
  const leave = useCallback(() => {
    answering.current?.abort();
    answering.current = null;
    setIsAnswering(false);
  }, []);

  useEffect(() => {
    if (wanted === null || isShown) return;
    leave();
    const controller = new AbortController();
    void load(wanted, controller.signal);
    return () => controller.abort();
  }, [wanted, isShown, load, leave]);

  // Once the address names the conversation that was new, NEW means another one.
  useEffect(() => {
    setShown((now) => (now?.id && now.id === wanted ? { ...now, key: now.id } : now));
  }, [wanted]);

  useEffect(() => leave, [leave]);

  function change(update: (entries: Entry[]) => Entry[]): void {
    setShown((now) => now && { ...now, entries: update(now.entries) });
  }

  function follow(event: ChatEvent): void {
    change((entries) => applyEvent(entries, event));
    if (event.type !== 'start') return;
    setShown((now) => now && { ...now, id: event.conversationId });
    onBegin(event.conversationId);
  }

  /**
   * Ask, and show the answer as it comes. Returns false when it was stopped before it began, or
   * when another answer is still coming.
   *
   * @throws ApiError when it failed before it began. In all these cases nothing is left of it.
   */
  async function ask(message: string): Promise<boolean> {
    if (answering.current) return false;
    const controller = new AbortController();
    answering.current = controller;
    const isCurrent = () => answering.current === controller;
    const before = shown?.entries ?? [];
    const question = { message, conversation_id: shown?.id ?? null };
    let hasBegun = false;
    flushSync(() => {
      setIsAnswering(true);
      change((entries) => [...entries, makeEntry('user', message), makeEntry('assistant', '')]);
    });
    try {
      for await (const event of streamAnswer(question, controller.signal)) {
        if (!isCurrent()) return true;
        hasBegun = true;
        follow(event);
      }
    } catch (caught) {
      if (!isCurrent()) return true;
      const isStopped = controller.signal.aborted;
      if (!hasBegun) change(() => before);
      if (!isStopped && (!hasBegun || !(caught instanceof ApiError))) throw caught;
      const ending = isStopped ? 'Stopped.' : String((caught as ApiError).message);
      if (hasBegun) change((entries) => endEarly(entries, ending, !isStopped));
      return hasBegun;
    } finally {
      if (isCurrent()) {
        answering.current = null;
        setIsAnswering(false);
      }
    }
    return true;
  }

  /** Ask once more what got no whole answer. When that fails, its reason replaces the one before. */
  async function askAgain(message: string): Promise<void> {
    try {
      await ask(message);
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      change((entries) => endEarly(entries, caught.message, true));
    }
  }

  return {
    entries: isShown ? shown.entries : null,
    error: isShown ? null : error,
    isAnswering: isAnswering && isShown,
    load: async () => void (wanted && (await load(wanted))),
    ask,
    askAgain,
    stop: () => answering.current?.abort(),
  };
}

async function loadConversation(key: string, signal?: AbortSignal): Promise<Shown | ApiError> {
  if (key === NEW) return { key, id: null, entries: [] };
  try {
    const { id, messages } = await readConversation(key, signal);
    return { key, id, entries: messages.map(showMessage) };
  } catch (caught) {
    if (caught instanceof ApiError) return caught;
    if (signal?.aborted) return { key, id: null, entries: [] };
    throw caught;
  }
}
