import { expect, test } from 'vitest';
import { startFakeBackend } from '@/testing/fake-backend';
import { createToken, createUser } from './auth';
import { listTasks, updateTask } from './tasks';

const fine = { status: 200, body: {} };

test('all tasks are asked for without a status', async () => {
  const { asked } = startFakeBackend({ 'GET /api/tasks': fine });
  await listTasks('all', 50);
  expect(asked[0]?.path).toBe('/api/tasks?limit=50&offset=50');
});

test('a filter is asked of the backend', async () => {
  const { asked } = startFakeBackend({ 'GET /api/tasks': fine });
  await listTasks('in_progress', 0);
  expect(asked[0]?.path).toBe('/api/tasks?limit=50&offset=0&status=in_progress');
});

test('a change sends what has changed', async () => {
  const { asked } = startFakeBackend({ 'PATCH /api/tasks/7': fine });
  await updateTask('7', { status: 'completed' });
  expect(asked[0]?.body).toBe('{"status":"completed"}');
});

test('signing in sends a form, with every character of the password', async () => {
  const { asked } = startFakeBackend({ 'POST /api/auth/token': fine });
  await createToken('ada@example.com', 'a&b=c+d é');
  expect(new URLSearchParams(asked[0]?.body).get('password')).toBe('a&b=c+d é');
});

test('registering sends JSON', async () => {
  const { asked } = startFakeBackend({ 'POST /api/auth/register': fine });
  const user = { email: 'ada@example.com', password: 'correct horse', name: '' };
  await createUser(user);
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual(user);
});
