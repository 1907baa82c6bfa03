import Link from 'next/link';
import { Logo } from '@/components/ui/icons';
import { MemberNav } from './member-nav';
import styles from './site-header.module.css';

export function SiteHeader() {
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Link href="/" className={styles.brand}>
          <Logo />
          <span className={styles.name}>Taskboard</span>
        </Link>
        <MemberNav />
      </div>
    </header>
  );
}
