import type { NextConfig } from 'next';

const config: NextConfig = {
  // A link to a page that does not exist is a type error.
  typedRoutes: true,
  poweredByHeader: false,
  // A server with just the packages that it needs, in .next/standalone: what an image runs.
  output: 'standalone',
};

export default config;
