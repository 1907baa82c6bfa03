import type { ReactNode } from 'react';
import styles from './notice.module.css';

/** News that are no failure. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <p role="status" className={styles.notice}>
      {children}
    </p>
  );
}
