// The generated client, with problems (RFC 9457) as exceptions. The session token is in memory alone, here and in `session`:
// a reload of the page forgets it.
import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './contract';

export type Schema = components['schemas'];

/** Where the gateway is: the app is served by it, below /inbox/. */
const BASE = typeof location === 'undefined' ? 'http://localhost' : new URL('..', location.href).href.replace(/\/$/, '');

let token: string | undefined;
let onEnd: (code: string) => void = () => {};

export function useToken(value: string | undefined): void {
  token = value;
}

/** Calls back when the gateway says that the session is over. */
export function whenSessionEnds(callback: (code: string) => void): void {
  onEnd = callback;
}

/** The gateway's answer when it does not do what was asked. */
export class Refused extends Error {
  readonly problem: Partial<Schema['Problem']>;

  constructor(
    readonly status: number,
    problem: unknown,
  ) {
    const told: Partial<Schema['Problem']> = typeof problem === 'object' && problem !== null ? problem : {};
    super(told.detail ?? told.title ?? `The gateway answered ${status}.`);
    this.problem = told;
  }

  get code(): string {
    return this.problem.code ?? '';
  }
}

/** What is shown to the user, whatever was thrown. */
export function said(error: unknown): string {
  if (error instanceof Refused) {
    const text = error.message.replace(...TOO_MANY);
    return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
  }
  return error instanceof Error ? error.message : String(error);
}

/** The gateway speaks to programs, of the body of a request. */
const TOO_MANY = [/^the body has more than (\d+) recipients/i, 'A message can have no more than $1 recipients'] as const;

/** No answer came, so that nobody knows whether the gateway did what was asked. */
export class Unreachable extends Error {
  constructor() {
    super('There is no connection.');
  }
}

export function isOffline(error: unknown): boolean {
  return error instanceof Unreachable;
}

/** Whether what was asked may have been done all the same: then the very same is asked again, with its key. */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Refused)) return isOffline(error);
  return error.code === '' ? error.status >= 500 : MAYBE_DONE.has(error.code);
}

const MAYBE_DONE = new Set(['outcome-unknown', 'request-in-progress', 'submission-unknown']);

/** Whether asking again later may go well: not where the gateway says that it will not, but after any answer of a proxy. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof Refused) || error.problem.retryable === true || ![401, 403, 422].includes(error.status);
}

const authorization: Middleware = {
  onRequest({ request }) {
    if (token) request.headers.set('Authorization', `Bearer ${token}`);
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401) refuses(request.headers.get('Authorization'));
  },
  onError({ error }) {
    return error instanceof TypeError ? new Unreachable() : undefined;
  },
};

/** An answer that comes late may be about a session before this one. */
function refuses(authorization: string | null): void {
  if (token && authorization === `Bearer ${token}`) onEnd('session-expired');
}

export const api = createClient<paths>({ baseUrl: BASE });
api.use(authorization);

/** The data of an answer, or a `Refused`. */
export async function ok<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer.catch((thrown: unknown) => {
    // The answer broke off while it was read.
    throw thrown instanceof TypeError ? new Unreachable() : thrown;
  });
  if (!response.ok) throw new Refused(response.status, error);
  return data as T;
}

/** An address that the gateway gave, such as that of a link, as this page reaches it. */
export function reachable(url: string): string {
  const { pathname, search } = new URL(url, BASE);
  const inside = pathname.slice(Math.max(0, pathname.indexOf('/v1/')));
  return BASE + inside + search;
}

/** What a message's page, `/v1/messages/{messageId}/html`, refers to relatively. */
export function linkOfPage(relative: string): string {
  return new URL(relative, `${BASE}/v1/messages/id/html`).href;
}

export interface Sent<T> {
  data: T;
  response: XMLHttpRequest;
}

/** Sends a message and tells how much of it is on its way, which `fetch` cannot. */
export function upload<T>(
  method: 'POST' | 'PUT',
  path: string,
  body: Blob | string,
  headers: Record<string, string>,
  onProgress: (part: number) => void,
): Promise<Sent<T>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, BASE + path);
    request.responseType = 'json';
    const authorization = token ? `Bearer ${token}` : null;
    if (authorization) request.setRequestHeader('Authorization', authorization);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    request.onerror = () => reject(new Unreachable());
    request.onload = () => {
      if (request.status === 401) refuses(authorization);
      if (request.status >= 200 && request.status < 300) resolve({ data: request.response as T, response: request });
      else reject(new Refused(request.status, request.response));
    };
    request.send(body);
  });
}
