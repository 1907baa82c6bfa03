'use client';

import { useCallback, useEffect, useState } from 'react';
import { ApiError } from '@/lib/api-error';
import { listConversations } from '@/services/chat';
import type { Conversation } from '@/types';

export type Conversations = ReturnType<typeof useConversations>;

/** Load the conversations, last used first; `load` again when one has changed. */
export function useConversations() {
  const [items, setItems] = useState<Conversation[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);

  const load = useCallback(async () => {
    try {
      setItems((await listConversations()).items);
      setError(null);
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      setError(caught);
    }
  }, []);

  useEffect(() => void load(), [load]);
  return { items, error, load };
}
