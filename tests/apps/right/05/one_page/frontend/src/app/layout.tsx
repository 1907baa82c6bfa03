import Link from 'next/link';

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en" style={{ colorScheme: 'light dark' }}>
      <body style={{ overflowWrap: 'anywhere' }}>
        <nav>
          <Link href="/tasks">Tasks</Link> <Link href="/chat">Chat</Link>
        </nav>
        {children}
      </body>
    </html>
  );
}
