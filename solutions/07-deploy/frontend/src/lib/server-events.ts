/**
 * Reads server-sent events out of an answer.
 *
 * The browser's own EventSource can only GET and sends no header, so neither a question nor a
 * token would get through.
 */

export type ServerEvent = { name: string; data: string };

/** Yield each event as it comes. */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = splitBlocks(rest + value);
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = readBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    // Whoever stops listening hangs up: the backend notices, and ends its call to the model.
    await reader.cancel().catch(() => undefined);
  }
}

/** Split at the empty lines between events; the last part is what has not come completely yet. */
export function splitBlocks(text: string): string[] {
  return text.split(/\r\n\r\n|\n\n|\r\r/);
}

/** Read one event: lines of `field: value`. A line that begins with a colon is a comment. */
export function readBlock(block: string): ServerEvent | null {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event' && value) name = value;
    if (field === 'data') data.push(value ?? '');
  }
  return data.length > 0 ? { name, data: data.join('\n') } : null;
}
