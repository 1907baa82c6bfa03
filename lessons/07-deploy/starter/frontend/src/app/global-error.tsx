'use client';

import ErrorPage from './error';
import './globals.css';

/** Shown when the layout itself broke: it takes the place of the whole document. */
export default function GlobalErrorPage({ retry }: { retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Something broke · Taskboard</title>
        <main>
          <ErrorPage retry={retry} />
        </main>
      </body>
    </html>
  );
}
