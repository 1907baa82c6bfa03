import { type NextRequest, NextResponse } from 'next/server';
import { COOKIE } from './infrastructure/cookie-session';

/** Lead on by whether there is a token at all; whether it is good, the backend knows. */
export function proxy(request: NextRequest): NextResponse {
  const isSignedIn = request.cookies.has(COOKIE);
  const { pathname } = request.nextUrl;
  if (pathname === '/') return leadTo(isSignedIn ? '/tasks' : '/login', request);
  return isSignedIn ? NextResponse.next() : leadTo('/login', request);
}

function leadTo(path: string, request: NextRequest): NextResponse {
  return NextResponse.redirect(new URL(path, request.url));
}

export const config = { matcher: ['/', '/tasks'] };
