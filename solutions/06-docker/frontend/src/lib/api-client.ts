/** Calls the backend. The only place that adds the token and that meets a refused one. */
import { ApiError, explainRefusal, explainSilence } from './api-error';
import { API_URL } from './api-url';
import { readToken, removeToken } from './session';

const LONGEST_WAIT = 30_000; // ms

export type Call = {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** A body in JSON… */
  json?: unknown;
  /** …or as an HTML form. */
  form?: Record<string, string>;
  /** The token of the session unless given; null sends none. */
  token?: string | null;
  signal?: AbortSignal | undefined;
};

/**
 * Call the backend and return the JSON of its answer, or undefined when the answer has no body.
 *
 * T is what the backend's description promises; nothing is checked here.
 *
 * @throws ApiError when there is no answer, or one that refuses.
 * @throws DOMException `AbortError` when `signal` ends the call.
 */
export async function callApi<T>(path: string, call: Call = {}): Promise<T> {
  const token = call.token === undefined ? readToken() : call.token;
  const { ok, status, body } = await send(path, call, token);
  if (ok) return body as T;
  if (status === 401 && token !== null) endSession(token);
  throw explainRefusal(status, body);
}

/**
 * Begin a call whose answer comes piece by piece, for as long as it takes.
 *
 * @throws ApiError when there is no answer, or one that refuses.
 */
export async function openStream(path: string, json: unknown, signal: AbortSignal) {
  const token = readToken();
  const request = makeRequest({ method: 'POST', json, signal }, token);
  request.headers.set('Accept', 'text/event-stream');
  const response = await fetch(API_URL + path, request).catch((cause) => {
    throw signal.aborted ? cause : explainSilence(cause);
  });
  if (response.ok && response.body) return response.body;
  if (response.status === 401 && token !== null) endSession(token);
  throw explainRefusal(response.status, await readBody(response));
}

/** Forget a token that the backend refused, unless a newer one has taken its place meanwhile. */
function endSession(refused: string): void {
  if (readToken() === refused) removeToken();
}

async function send(path: string, call: Call, token: string | null) {
  const signal = limitWait(call.signal);
  try {
    const response = await fetch(API_URL + path, makeRequest({ ...call, signal }, token));
    return { ok: response.ok, status: response.status, body: await readBody(response) };
  } catch (cause) {
    if (call.signal?.aborted || cause instanceof ApiError) throw cause;
    throw explainSilence(cause);
  }
}

function makeRequest({ method = 'GET', json, form, signal }: Call, token: string | null) {
  const headers = new Headers({ Accept: 'application/json' });
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  if (json !== undefined) headers.set('Content-Type', 'application/json');
  return {
    method,
    headers,
    body: form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json),
    signal: signal ?? null,
  } satisfies RequestInit;
}

/** Give up when the caller does, or after the longest wait. */
function limitWait(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(LONGEST_WAIT);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Read the JSON of an answer. Only an answer that went well has to be JSON: gateways send HTML. */
async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (!response.ok) return undefined;
    throw new ApiError('What answered is not the backend. Is its address right?', response.status);
  }
}
