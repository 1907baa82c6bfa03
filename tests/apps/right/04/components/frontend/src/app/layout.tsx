import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Providers } from '@/components/providers';
import './globals.css';

export const metadata: Metadata = { title: { default: 'Taskboard', template: '%s | Taskboard' } };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="antialiased">
        <main className="mx-auto grid max-w-2xl gap-6 p-4 sm:p-8">
          <Providers>{children}</Providers>
        </main>
      </body>
    </html>
  );
}
