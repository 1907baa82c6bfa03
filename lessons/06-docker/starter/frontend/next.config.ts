import type { NextConfig } from 'next';

const config: NextConfig = {
  // A link to a page that does not exist is a type error.
  typedRoutes: true,
  poweredByHeader: false,
  // TODO L6.4: let the build put a server of its own into .next/standalone.
};

export default config;
