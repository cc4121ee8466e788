// Keeps a mailbox in a Map: one list, then events. No dependencies; runs in browsers and in Node 20.
//
//   const copy = new MailboxCopy("https://mail.example.org/v1", "inbox", token);
//   copy.onChange = () => render(copy.newestFirst());
//   await copy.run(stop.signal);
//
// With copies of two mailboxes, moves() tells which messages went from the one to the other:
//
//   const gone: Row[] = [], come: Row[] = [];
//   inbox.onChange = ({ removed }) => gone.push(...removed);
//   archive.onChange = ({ added }) => come.push(...added);
//   for (const [before, now] of moves(gone, come)) notes.rename(before.id, now.id);

export interface Row {
  id: string;
  mailboxId: string;
  order: number;
  keywords: Record<string, true>;
  receivedAt: string;
  subject?: string;
  size?: number;
  internetMessageId?: string;
  emailId?: string;
}

/** What a change has put into a copy, and taken out of it. */
export interface Difference {
  added: Row[];
  removed: Row[];
}

/**
 * The messages that were removed from one copy and added to another, before and now. The two copies are told of a move
 * at different times: keep what was removed for a while.
 */
export function moves(removed: Row[], added: Row[]): [before: Row, now: Row][] {
  const come = new Map<string, Row[]>();
  for (const row of added) come.set(identity(row), [...(come.get(identity(row)) ?? []), row]);
  return removed.flatMap((before): [Row, Row][] => {
    const now = come.get(identity(before))?.shift(); // each once, also where two copies of a message are moved
    return now ? [[before, now]] : [];
  });
}

/** What stays the same in another mailbox: the mail server's id where it has one, or what no two messages share. */
function identity(row: Row): string {
  if (row.emailId) return row.emailId;
  return row.internetMessageId ? `${row.internetMessageId} ${row.size} ${row.receivedAt}` : `alone ${row.id}`;
}

interface Changes {
  added?: Row[];
  updated?: { id: string; keywords: Record<string, true> }[];
  removed?: string[];
  state?: string;
  nextCursor?: string;
}

class HttpError extends Error {
  readonly status: number;
  readonly retryable: boolean;

  constructor(status: number, retryable: boolean) {
    super(`HTTP ${status}`);
    this.status = status;
    this.retryable = retryable;
  }

  static async of(answer: Response): Promise<HttpError> {
    const problem = await answer.json().catch(() => ({})); // a proxy's own answers are no problem+json
    return new HttpError(answer.status, problem.retryable ?? answer.status >= 500);
  }
}

/** The copy has another state than the stream: a new one begins with that. */
class Reconnect extends Error {}

export class MailboxCopy {
  readonly rows = new Map<string, Row>();
  onChange: (difference: Difference) => void = () => {};
  private state?: string;
  private lastEventId?: string;
  private retry = 2000;
  private pending: Changes[] = [];
  private readonly base: string;
  private readonly mailboxId: string;
  private readonly token: string;

  constructor(base: string, mailboxId: string, token: string) {
    this.base = base;
    this.mailboxId = mailboxId;
    this.token = token;
  }

  newestFirst(): Row[] {
    return [...this.rows.values()].sort((a, b) => b.order - a.order);
  }

  /** Keeps the copy right until the signal says stop, or the session ends. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.state === undefined) await this.list(signal);
        if (!(await this.listen(signal))) return;
      } catch (failure) {
        if (signal.aborted) return;
        if (failure instanceof HttpError) {
          if (failure.status === 410) this.state = undefined; // list anew
          else if (failure.status < 500 && !failure.retryable) throw failure;
        }
      }
      // a little more or less, so that not all clients come at once
      await new Promise((done) => setTimeout(done, this.retry * (0.5 + Math.random())));
    }
  }

  private async list(signal: AbortSignal): Promise<void> {
    const rows: Row[] = [];
    let state: string | undefined;
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ withState: "true", limit: "500", ...(cursor && { cursor }) });
      const page = await this.json(`/mailboxes/${this.mailboxId}/messages?${query}`, signal);
      rows.push(...page.items);
      state = page.state;
      cursor = page.nextCursor;
    } while (cursor);
    const before = new Map(this.rows);
    this.rows.clear();
    for (const row of rows) this.rows.set(row.id, row);
    this.state = state;
    this.lastEventId = undefined;
    this.tell(before);
  }

  /** False when the session has ended. */
  private async listen(signal: AbortSignal): Promise<boolean> {
    const query = new URLSearchParams({ mailboxId: this.mailboxId, since: this.state! });
    this.pending = []; // what a former stream did not complete comes again, as it is now
    const dead = new AbortController();
    const stop = () => dead.abort();
    signal.addEventListener("abort", stop);
    let silence = setTimeout(stop, 60_000);
    try {
      const headers = { ...this.headers(), ...(this.lastEventId && { "Last-Event-ID": this.lastEventId }) };
      const answer = await fetch(`${this.base}/events?${query}`, { headers, signal: dead.signal });
      if (!answer.ok) throw await HttpError.of(answer);
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return true;
        clearTimeout(silence);
        silence = setTimeout(stop, 60_000);
        text += value;
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          if (!(await this.take(block, signal))) return false;
        }
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", stop);
      dead.abort();
    }
  }

  /** One event; false when it is the last one. */
  private async take(block: string, signal: AbortSignal): Promise<boolean> {
    let type = "";
    let data = "";
    let id: string | undefined;
    for (const line of block.split("\n")) {
      const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line)!;
      if (field === "event") type = value;
      else if (field === "data") data += value;
      else if (field === "id") id = value;
      else if (field === "retry") this.retry = Number(value);
    }
    if (type === "session.ending") return false;
    if (type === "resync") {
      await this.resync(signal);
      throw new Reconnect();
    }
    if (type.startsWith("message.")) {
      const changes: Changes = JSON.parse(data);
      this.pending.push(changes);
      if (changes.state) this.apply(this.pending.splice(0)); // together: see docs/events.md
    }
    if (id !== undefined) this.lastEventId = id; // after it was applied, so that a failure repeats it
    return true;
  }

  private async resync(signal: AbortSignal): Promise<void> {
    this.pending = [];
    const since = this.state!;
    const pages: Changes[] = [];
    let cursor: string | undefined;
    try {
      do {
        const page: Changes = await this.json(`/mailboxes/${this.mailboxId}/changes`, signal, { since, cursor });
        pages.push(page);
        cursor = page.nextCursor;
      } while (cursor);
      this.apply(pages);
      this.lastEventId = undefined; // it is older than the copy now: see docs/events.md
    } catch (failure) {
      if (!(failure instanceof HttpError && failure.status === 410)) throw failure;
      await this.list(signal);
    }
  }

  private apply(all: Changes[]): void {
    const before = new Map(this.rows);
    for (const changes of all) {
      for (const row of changes.added ?? []) this.rows.set(row.id, row);
      for (const { id, keywords } of changes.updated ?? []) {
        const row = this.rows.get(id);
        if (row) this.rows.set(id, { ...row, keywords });
      }
      for (const id of changes.removed ?? []) this.rows.delete(id);
      if (changes.state) this.state = changes.state;
    }
    this.tell(before);
  }

  private tell(before: Map<string, Row>): void {
    this.onChange({
      added: [...this.rows.values()].filter((row) => !before.has(row.id)),
      removed: [...before.values()].filter((row) => !this.rows.has(row.id)),
    });
  }

  private async json(path: string, signal: AbortSignal, body?: object): Promise<any> {
    const answer = await fetch(this.base + path, {
      method: body ? "POST" : "GET",
      headers: { ...this.headers(), ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      signal,
    });
    if (!answer.ok) throw await HttpError.of(answer);
    return answer.json();
  }

  private headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.token}` };
  }
}
