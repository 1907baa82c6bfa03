import type { ReactNode } from 'react';

const STYLE = 'body{overflow-wrap:anywhere}dd{margin:0 0 1em}ul{padding:0;list-style:none}';

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" style={{ colorScheme: 'light dark' }}>
      <head>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}
