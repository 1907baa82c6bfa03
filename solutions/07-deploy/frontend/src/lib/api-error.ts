/** Turns whatever goes wrong with a call into one kind of error, in words for people. */

export type FieldErrors = Record<string, string>;

/** A call that did not work. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    message: string,
    /** The status of the answer; null when there was no answer that the page may read. */
    readonly status: number | null,
    /** What is wrong with each field, by the field's name. */
    readonly fields: FieldErrors = {},
  ) {
    super(message);
  }
}

/** Explain why fetch itself failed. Browsers do not tell a page more than this. */
export function explainSilence(cause: unknown): ApiError {
  const isTimeout = cause instanceof DOMException && cause.name === 'TimeoutError';
  const message = isTimeout
    ? 'The server takes too long to answer. Please try again.'
    : 'The server cannot be reached. Please try again in a moment.';
  return new ApiError(message, null);
}

/** Explain an answer that refuses; `body` is its JSON, or undefined when it has none. */
export function explainRefusal(status: number, body: unknown): ApiError {
  const detail = isRecord(body) ? body.detail : undefined;
  if (Array.isArray(detail)) {
    const fields = readFieldErrors(detail);
    return new ApiError(listFieldErrors(fields), status, fields);
  }
  if (typeof detail === 'string' && detail !== '') return new ApiError(detail, status);
  return new ApiError(`The server refused with status ${status} and gave no reason.`, status);
}

/** Read FastAPI's list of `{loc, msg}`; the end of `loc` is the name of the field. */
function readFieldErrors(detail: unknown[]): FieldErrors {
  const fields: FieldErrors = {};
  for (const problem of detail) {
    if (!isRecord(problem) || !Array.isArray(problem.loc)) continue;
    const name = String(problem.loc.at(-1));
    fields[name] ??= tidyMessage(String(problem.msg));
  }
  return fields;
}

/** Make `String should have at least 8 characters` the sentence `Should have at least 8 …`. */
function tidyMessage(message: string): string {
  const plain = message.replace(
    /^(String |Value error, |value is not a valid email address: )/,
    '',
  );
  const sentence = plain.charAt(0).toUpperCase() + plain.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function listFieldErrors(fields: FieldErrors): string {
  const lines = Object.entries(fields).map(([name, message]) => `${name}: ${message}`);
  return lines.join(' ') || 'The server could not use what was sent.';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
