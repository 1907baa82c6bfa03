import { expect, test } from 'vitest';
import { startFakeBackend } from '@/testing/fake-backend';
import { callApi } from './api-client';
import { ApiError } from './api-error';
import { readToken, saveToken } from './session';

const refused = { status: 401, body: { detail: 'Please sign in.' } };

test('a call carries the token of the session', async () => {
  const { asked } = startFakeBackend({ 'GET /api/tasks': { status: 200, body: {} } });
  saveToken('abc');
  await callApi('/api/tasks');
  expect(asked[0]?.token).toBe('Bearer abc');
});

test('a call without a session carries no token', async () => {
  const { asked } = startFakeBackend({ 'GET /api/tasks': { status: 200, body: {} } });
  await callApi('/api/tasks');
  expect(asked[0]?.token).toBeNull();
});

test('a refused token ends the session', async () => {
  startFakeBackend({ 'GET /api/tasks': refused });
  saveToken('abc');
  await expect(callApi('/api/tasks')).rejects.toThrow('Please sign in.');
  expect(readToken()).toBeNull();
});

test('an old token that is refused late leaves the new session alone', async () => {
  startFakeBackend({
    'GET /api/tasks': () => {
      saveToken('new');
      return refused;
    },
  });
  saveToken('old');
  await expect(callApi('/api/tasks')).rejects.toThrow();
  expect(readToken()).toBe('new');
});

test('a wrong password ends no session', async () => {
  startFakeBackend({ 'POST /api/auth/token': { status: 401, body: { detail: 'Wrong.' } } });
  saveToken('abc');
  const call = callApi('/api/auth/token', { method: 'POST', form: {}, token: null });
  await expect(call).rejects.toThrow('Wrong.');
  expect(readToken()).toBe('abc');
});

test('an answer without a body is undefined', async () => {
  startFakeBackend({ 'DELETE /api/tasks/1': { status: 204 } });
  expect(await callApi('/api/tasks/1', { method: 'DELETE' })).toBeUndefined();
});

test('no answer is an error without a status', async () => {
  startFakeBackend({});
  const error = await callApi('/api/tasks').catch((caught) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: null, message: expect.stringContaining('reached') });
});

test('an answer that is no JSON says that something else answered', async () => {
  startFakeBackend({});
  globalThis.fetch = async () => new Response('<h1>Hello</h1>');
  await expect(callApi('/api/tasks')).rejects.toThrow('not the backend');
});

test('a call that its caller gave up is no error of the backend', async () => {
  startFakeBackend({});
  const controller = new AbortController();
  controller.abort();
  const error = await callApi('/', { signal: controller.signal }).catch((caught) => caught);
  expect(error).not.toBeInstanceOf(ApiError);
});
