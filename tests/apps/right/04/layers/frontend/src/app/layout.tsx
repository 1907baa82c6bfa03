import type { ReactNode } from 'react';
import { ServicesProvider } from '@/application/services';
import './style.css';

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <ServicesProvider>{children}</ServicesProvider>
      </body>
    </html>
  );
}
