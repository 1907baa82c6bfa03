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
  // TODO L5.7: split at empty lines, whichever of the three line ends are used.
  return [text];
}

/** Read one event: lines of `field: value`. A line that begins with a colon is a comment. */
export function readBlock(block: string): ServerEvent | null {
  // TODO L5.7: find the name (`event`) and the lines of `data`; null when there is no data.
  return block ? null : null;
}
