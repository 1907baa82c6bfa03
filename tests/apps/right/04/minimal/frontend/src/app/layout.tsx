export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en" style={{ colorScheme: 'light dark' }}>
      <body style={{ overflowWrap: 'anywhere' }}>{children}</body>
    </html>
  );
}
