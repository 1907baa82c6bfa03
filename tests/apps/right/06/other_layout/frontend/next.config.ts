import type { NextConfig } from 'next';

const output = 'standalone';

export default { output, typedRoutes: true, poweredByHeader: false } satisfies NextConfig;
