'use client';

import { Button } from '@/components/ui/button';
import { ErrorAlert } from '@/components/ui/error-alert';
import { useAction } from '@/lib/use-action';
import styles from './load-more.module.css';
import { LOAD_MORE } from './task-ids';

export function LoadMore({ onMore }: { onMore: () => Promise<void> }) {
  const { run, isPending, error } = useAction(onMore);
  return (
    <div className={styles.more}>
      {error && <ErrorAlert error={error} />}
      <Button id={LOAD_MORE} look="quiet" isPending={isPending} onClick={() => run()}>
        Load more
      </Button>
    </div>
  );
}
