import { expect, test } from 'vitest';
import { explainRefusal, explainSilence } from './api-error';

test('a refusal says what the backend says', () => {
  expect(explainRefusal(409, { detail: 'Taken.' })).toMatchObject({
    message: 'Taken.',
    status: 409,
  });
});

test.each([
  ['String should have at least 8 characters', 'Should have at least 8 characters.'],
  ['Value error, at most 72 bytes in UTF-8', 'At most 72 bytes in UTF-8.'],
  [
    'value is not a valid email address: An email address must have an @-sign.',
    'An email address must have an @-sign.',
  ],
  ['Field required', 'Field required.'],
])('%s reads: %s', (msg, expected) => {
  const error = explainRefusal(422, { detail: [{ loc: ['body', 'password'], msg }] });
  expect(error.fields).toEqual({ password: expected });
});

test('the first problem of a field counts', () => {
  const detail = ['Too short', 'Too plain'].map((msg) => ({ loc: ['body', 'title'], msg }));
  expect(explainRefusal(422, { detail }).fields).toEqual({ title: 'Too short.' });
});

test('problems of several fields are named in the message', () => {
  const detail = [
    { loc: ['body', 'email'], msg: 'Bad' },
    { loc: ['body', 'name'], msg: 'Long' },
  ];
  expect(explainRefusal(422, { detail }).message).toBe('email: Bad. name: Long.');
});

test.each([undefined, null, 'text', {}, { detail: '' }, { detail: 7 }])(
  'a refusal with the body %j still says something',
  (body) => {
    expect(explainRefusal(500, body).message).toContain('500');
  },
);

test('a list of problems that cannot be read still says something', () => {
  expect(explainRefusal(422, { detail: ['?'] }).message).not.toBe('');
});

test('an answer that takes too long is told apart', () => {
  const cause = new DOMException('', 'TimeoutError');
  expect(explainSilence(cause).message).toContain('too long');
});
