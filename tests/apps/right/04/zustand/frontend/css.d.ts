/** `tsc` runs before `next build`, which would write next-env.d.ts. */
declare module '*.css';
