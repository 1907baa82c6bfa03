import { expect, test } from 'vitest';
import { readBlock, readEvents, type ServerEvent, splitBlocks } from './server-events';

async function read(...chunks: string[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(Uint8Array.from(chunk, (sign) => sign.charCodeAt(0)));
      }
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

test('an event has a name and data', () => {
  expect(readBlock('event: token\ndata: {"text":"Hi"}')).toEqual({
    name: 'token',
    data: '{"text":"Hi"}',
  });
});

test('data may have several lines, and colons', () => {
  expect(readBlock('data: a: b\ndata:c')).toEqual({ name: 'message', data: 'a: b\nc' });
});

test.each([': ping', '', 'id: 7', 'retry: 100'])('%j is no event', (block) => {
  expect(readBlock(block)).toBeNull();
});

test('what has not come completely is the last part', () => {
  expect(splitBlocks('data: 1\n\ndata: 2')).toEqual(['data: 1', 'data: 2']);
  expect(splitBlocks('data: 1\n\n')).toEqual(['data: 1', '']);
});

test.each(['\n', '\r\n', '\r'])('lines may end with %j', async (end) => {
  const events = await read(
    `event: a${end}data: 1${end}${end}: note${end}${end}data: 2${end}${end}`,
  );
  expect(events.map(({ data }) => data)).toEqual(['1', '2']);
});

test('events may be cut anywhere, even inside a character', async () => {
  const text = 'event: token\r\ndata: "\u00c3\u00a9"\r\n\r\ndata: 2\r\n\r\n'; // é, as bytes
  expect(await read(...text)).toEqual([
    { name: 'token', data: '"é"' },
    { name: 'message', data: '2' },
  ]);
});

test('an event that was cut off is none', async () => {
  expect(await read('data: 1\n\ndata: 2')).toHaveLength(1);
});
