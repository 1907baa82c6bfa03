/**
 * Keeps the token in this browser, and tells the app when it changes, in this tab or another.
 *
 * localStorage outlives a reload and is shared by all tabs. Any script on our pages could read it,
 * so no page may ever run a stranger's script: text stays text, and no script comes from elsewhere.
 */
import { useSyncExternalStore } from 'react';

const KEY = 'taskboard.token';

export function readToken(): string | null {
  return findStorage().getItem(KEY);
}

export function saveToken(token: string): void {
  findStorage().setItem(KEY, token);
  notifyThisTab();
}

export function removeToken(): void {
  findStorage().removeItem(KEY);
  notifyThisTab();
}

/** Return the token, null without one, and undefined while it cannot be known: on the server. */
export function useToken(): string | null | undefined {
  return useSyncExternalStore<string | null | undefined>(subscribe, readToken, () => undefined);
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('storage', onChange);
  // A page that comes back with the Back button has missed the events of the meantime.
  window.addEventListener('pageshow', onChange);
  return () => {
    window.removeEventListener('storage', onChange);
    window.removeEventListener('pageshow', onChange);
  };
}

/** The browser fires `storage` in the other tabs only. */
function notifyThisTab(): void {
  window.dispatchEvent(new Event('storage'));
}

/** Return localStorage, or, in a browser that is told to store nothing, this page's memory. */
function findStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  try {
    return localStorage;
  } catch {
    return memoryStorage;
  }
}

const memory = new Map<string, string>();

const memoryStorage = {
  getItem: (key: string) => memory.get(key) ?? null,
  setItem: (key: string, value: string) => void memory.set(key, value),
  removeItem: (key: string) => void memory.delete(key),
};
