// A gateway that is scripted: what is asked of it, and what it answers. To be imported before anything of `src/`.
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: any;
}

export type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | 'lost';

export const asked: Asked[] = [];
let script: (request: Asked) => Answer | Promise<Answer> = () => ({ status: 500 });

export function gateway(answers: typeof script): void {
  asked.length = 0;
  script = answers;
}

export function problem(status: number, code: string): Answer {
  return { status, body: { status, code, title: code, detail: code } };
}

async function answer(method: string, url: string, headers: Headers, body: unknown): Promise<Answer> {
  const { pathname, searchParams } = new URL(url);
  const raw = body instanceof Blob ? /\r\n\r\n(\{.*?)\r\n--/s.exec(await body.text())![1] : body;
  const json: unknown = raw ? JSON.parse(String(raw)) : undefined;
  const request = { method, path: pathname, query: searchParams, headers, body: json };
  asked.push(request);
  return script(request);
}

globalThis.fetch = async (input, init) => {
  const request = new Request(input as Request, init);
  const told = await answer(request.method, request.url, request.headers, await request.text());
  if (told === 'lost') throw new TypeError('no answer');
  const { status = 200, body, headers = {} } = told;
  const text = status === 204 ? null : JSON.stringify(body ?? {});
  return new Response(text, { status, headers: { 'Content-Type': 'application/json', ...headers } });
};

class FakeUpload {
  responseType = '';
  status = 0;
  response: unknown;
  upload: { onprogress?: unknown } = {};
  onerror: () => void = () => {};
  onload: () => void = () => {};
  private method = '';
  private url = '';
  private readonly headers = new Headers();

  open(method: string, url: string): void {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  send(body: unknown): void {
    void answer(this.method, this.url, this.headers, body).then((told) => {
      if (told === 'lost') return this.onerror();
      this.status = told.status ?? 200;
      this.response = told.body ?? {};
      this.onload();
    });
  }
}

(globalThis as any).XMLHttpRequest = FakeUpload;

/** The streams that were opened, the latest last. */
export const streams: FakeEvents[] = [];

export class FakeEvents extends EventTarget {
  static readonly CLOSED = 2;
  readyState = 1;
  onopen = () => {};
  onerror = () => {};

  constructor(readonly url: string) {
    super();
    streams.push(this);
  }

  close(): void {
    this.readyState = 2;
  }

  /** Of the mailbox `in`, if not of another one. */
  tell(type: string, data: object): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify({ mailboxId: 'in', state: 'S', ...data }) }));
  }
}

(globalThis as any).EventSource = FakeEvents;
