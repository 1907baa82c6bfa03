import type { NextConfig } from 'next';

const config: NextConfig = {
  // A link to a page that does not exist is a type error.
  typedRoutes: true,
  poweredByHeader: false,
};

export default config;
