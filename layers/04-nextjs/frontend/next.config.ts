import type { NextConfig } from 'next';

const config: NextConfig = {
  // A link to a page that does not exist is a type error.
  typedRoutes: true,
  poweredByHeader: false,
  // course: since 6
  // course: task L6.4
  // A server with just the packages that it needs, in .next/standalone: what an image runs.
  output: 'standalone',
  // course: stub
  //|  // TODO L6.4: let the build put a server of its own into .next/standalone.
  // course: end
  // course: end
};

export default config;
