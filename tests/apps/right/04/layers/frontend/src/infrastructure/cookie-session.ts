import type { SessionStore } from '@/domain/ports';

export const COOKIE = 'tb-token';

export class CookieSession implements SessionStore {
  read(): string | null {
    const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${COOKIE}=`));
    return found ? found.slice(COOKIE.length + 1) : null;
  }

  write(token: string, seconds: number): void {
    document.cookie = `${COOKIE}=${token}; path=/; max-age=${seconds}; samesite=strict`;
  }

  clear(): void {
    document.cookie = `${COOKIE}=; path=/; max-age=0; samesite=strict`;
  }
}
