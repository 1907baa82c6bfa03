/** Knows the backend's address. `next build` puts it here in place of the variable. */

const address = process.env.NEXT_PUBLIC_API_URL;

if (!address) {
  throw new Error(
    'NEXT_PUBLIC_API_URL is not set. Copy .env.example to .env.local, or set it for this command.',
  );
}

export const API_URL = address.replace(/\/+$/, '');
