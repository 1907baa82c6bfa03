import { AppRouterCacheProvider } from '@mui/material-nextjs/v16-appRouter';
import Container from '@mui/material/Container';
import Stack from '@mui/material/Stack';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Providers } from '@/components/providers';

export const metadata: Metadata = { title: { default: 'Taskboard', template: '%s | Taskboard' } };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <AppRouterCacheProvider>
          <Providers>
            <Container component="main" maxWidth="sm" sx={{ py: 4 }}>
              <Stack spacing={3}>{children}</Stack>
            </Container>
          </Providers>
        </AppRouterCacheProvider>
      </body>
    </html>
  );
}
