import { type NextRequest, NextResponse } from 'next/server';
import { COOKIE } from '@/lib/cookie';

export function proxy(request: NextRequest) {
  const { pathname, searchParams } = request.nextUrl;
  const hasSession = request.cookies.has(COOKIE);
  if (pathname === '/') return go(request, hasSession ? '/tasks' : '/login');
  if (pathname === '/tasks' && !hasSession) return go(request, '/login');
  const response = NextResponse.next();
  // A page cannot delete a cookie while it is drawn, so it sends the visitor here.
  if (pathname === '/login' && searchParams.has('ended')) response.cookies.delete(COOKIE);
  return response;
}

function go(request: NextRequest, path: string) {
  return NextResponse.redirect(new URL(path, request.url));
}

export const config = { matcher: ['/', '/login', '/tasks'] };
