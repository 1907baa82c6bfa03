import styles from './loading.module.css';

export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <p role="status" className={styles.loading}>
      {what}…
    </p>
  );
}
