import type { ReactNode } from 'react';

const STYLE = `
body{overflow-wrap:anywhere}
dd{margin:0 0 1em}
ul,ol{padding:0;list-style:none}
.log{max-height:60vh;overflow:auto}
.log ul{padding-left:1.5em;list-style:disc}
.log pre{white-space:pre-wrap}
.asked{white-space:pre-wrap}
textarea{display:block;width:100%;box-sizing:border-box}
`;

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
