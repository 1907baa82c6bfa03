'use client';

import { useEffect, useId, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorAlert } from '@/components/ui/error-alert';
import { useAction } from '@/lib/use-action';
import styles from './delete-task-dialog.module.css';

type Props = { title: string; onDelete: () => Promise<void>; onClose: () => void };

/**
 * Ask before a task is deleted. The browser's own dialog keeps the keyboard inside, closes on
 * Escape, and gives the focus back.
 */
export function DeleteTaskDialog({ title, onDelete, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const headingId = useId();
  const { run, isPending, error } = useAction(onDelete);

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={headingId}
      className={styles.dialog}
      onCancel={(event) => isPending && event.preventDefault()}
      onClose={onClose}
    >
      <h2 id={headingId}>Delete this task?</h2>
      <p className={styles.title}>{title}</p>
      {error && <ErrorAlert error={error} />}
      <div className={styles.buttons}>
        <Button look="quiet" onClick={() => !isPending && dialog.current?.close()}>
          Cancel
        </Button>
        <Button look="danger" isPending={isPending} onClick={() => run()}>
          Delete
        </Button>
      </div>
    </dialog>
  );
}
