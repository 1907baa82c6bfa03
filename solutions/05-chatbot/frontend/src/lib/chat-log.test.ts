import { expect, test, vi } from 'vitest';
import { applyEvent, endEarly, makeEntry, placeTool } from './chat-log';

const entries = [makeEntry('user', 'Hi'), makeEntry('assistant', 'Hel')];
const running = { name: 'list_tasks', status: 'running' } as const;
const completed = { name: 'list_tasks', status: 'completed' } as const;

test('each entry has an id of its own, also where crypto.randomUUID is missing', () => {
  vi.stubGlobal('crypto', {});
  expect(makeEntry('user', 'Hi').id).not.toBe(makeEntry('user', 'Hi').id);
});

test('a token is added to the answer', () => {
  const after = applyEvent(entries, { type: 'token', text: 'lo' });
  expect(after.map(({ text }) => text)).toEqual(['Hi', 'Hello']);
});

test('a tool is added to the answer, and what it comes to takes its place', () => {
  const begun = applyEvent(entries, { type: 'tool', ...running });
  expect(begun[1]?.tools).toEqual([running]);
  expect(applyEvent(begun, { type: 'tool', ...completed })[1]?.tools).toEqual([completed]);
});

test('the same tool can be used twice', () => {
  expect(placeTool([completed], running)).toEqual([completed, running]);
});

test('a tool that ends without having begun is shown all the same', () => {
  expect(placeTool([], completed)).toEqual([completed]);
});

test('an answer that ends early says why', () => {
  const [, answer] = endEarly(entries, 'Stopped.', false);
  expect(answer).toMatchObject({ text: 'Hel', ending: { text: 'Stopped.', isError: false } });
});

test('nothing is changed in place', () => {
  applyEvent(entries, { type: 'token', text: '!' });
  expect(entries[1]?.text).toBe('Hel');
});
