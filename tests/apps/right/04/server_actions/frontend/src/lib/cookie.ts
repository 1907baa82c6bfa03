export const COOKIE = 'session';
