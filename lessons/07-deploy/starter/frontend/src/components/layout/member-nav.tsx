'use client';

import type { Route } from 'next';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { useAuth } from '@/context/auth-context';
import styles from './member-nav.module.css';

const PAGES: { href: Route; label: string }[] = [
  { href: '/tasks', label: 'Tasks' },
  { href: '/chat', label: 'Chat' },
];

/** The pages, who is signed in, and the way out. */
export function MemberNav() {
  const { state, signOut } = useAuth();
  const path = usePathname();
  if (state.status !== 'signed-in') return null;
  return (
    <>
      <nav aria-label="Pages" className={styles.nav}>
        {PAGES.map(({ href, label }) => (
          <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
            {label}
          </Link>
        ))}
      </nav>
      <span className={styles.user}>{state.user.name || state.user.email}</span>
      <Button look="quiet" onClick={signOut}>
        Sign out
      </Button>
    </>
  );
}
