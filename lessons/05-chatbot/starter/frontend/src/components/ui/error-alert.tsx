'use client';

import { useEffect } from 'react';
import type { ApiError } from '@/lib/api-error';
import { API_URL } from '@/lib/api-url';
import { rescueFocus } from '@/lib/focus';
import { useAction } from '@/lib/use-action';
import { Button } from './button';
import styles from './error-alert.module.css';
import { PAGE_HEADING } from './page-heading';

/** Say what did not work. */
export function ErrorAlert({ error }: { error: ApiError }) {
  return (
    <div className={styles.box}>
      <p role="alert">{error.message}</p>
      {error.status === null && <PossibleCauses />}
    </div>
  );
}

/** Say what could not be loaded, and offer to try again. */
export function LoadingError(props: { error: ApiError; onRetry: () => Promise<void> }) {
  const { run, isPending } = useAction(props.onRetry);
  // When it works, this button goes away with the alert.
  useEffect(() => () => rescueFocus(PAGE_HEADING), []);
  return (
    <div className={styles.box}>
      <p role="alert">{isPending ? 'Trying again…' : props.error.message}</p>
      {props.error.status === null && <PossibleCauses />}
      <Button look="quiet" isPending={isPending} onClick={() => run()}>
        Try again
      </Button>
    </div>
  );
}

/** A browser hides from the page why it could not read an answer, so both reasons are given. */
function PossibleCauses() {
  return (
    <details className={styles.causes}>
      <summary>Are you building this app?</summary>
      <p>A browser does not tell a page why it got no answer. There are two possible reasons:</p>
      <ul>
        <li>
          Nothing answers at <code>{API_URL}</code>. Is the backend running?
        </li>
        <li>
          It answers, but does not allow this page to read the answer (CORS). Then its log shows the
          request. With 200 or 400 there, <code>CORS_ORIGINS</code> lacks{' '}
          <code>{window.location.origin}</code>. With 500, mend that error first: an answer made
          outside of <code>CORSMiddleware</code> has no CORS headers.
        </li>
      </ul>
    </details>
  );
}
