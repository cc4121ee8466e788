// A list of any length, of which the ids are held and only the rows near the screen. Ids come by cursor, in the order of
// the list; rows that were dropped are read again by their ids. No DOM and no HTTP: both are handed in.
import type { Schema } from './api';

export interface Row {
  id: string;
  mailboxId: string;
  /** Higher is newer, in a mailbox. */
  order: number;
  keywords: Record<string, boolean>;
  subject?: string;
  from: Schema['EmailAddress'][];
  to: Schema['EmailAddress'][];
  receivedAt?: string;
  preview?: string;
  hasAttachment: boolean;
  matchedIn?: readonly string[];
  /** All in `mailboxId`: the messages of a conversation, of a long one not each; of a single message itself alone. */
  messageIds: string[];
  /** How many messages a conversation has in `mailboxId`. */
  size: number;
  /** It is listed but not held: its id is known, and not its keywords. */
  bare?: true;
  /** It is in no mailbox but in this message, and can only be read. */
  within?: Row;
  /** Others moved or deleted it while it was read. */
  gone?: true;
}

/** The id of a message, and where it stands, before its row is read. */
export interface Entry {
  id: string;
  order: number;
}

export interface Page {
  rows: Row[];
  cursor?: string | undefined;
  state?: string | undefined;
  total?: number | undefined;
}

export interface Source {
  page(cursor: string | undefined): Promise<Page>;
  /** Many entries at once, without their rows, where the source can. */
  entries?(cursor: string): Promise<{ entries: Entry[]; cursor?: string | undefined }>;
  rows?(ids: string[]): Promise<Row[]>;
  /** The beginning as it is now, where that can change in ways that nobody tells. */
  again?(many: number): Promise<Page>;
}

export interface Changes {
  added: Row[];
  updated: { id: string; keywords: Record<string, boolean> }[];
  removed: string[];
}

/** Rows that are held; further ones are read again when they come near the screen. */
export const HELD = 1500;
/** Rows that are read by their ids at once. */
const READ = 100;
/** Rows that are asked for anew when the beginning may have changed. */
const RENEWED = [50, 500] as const;
/** From this distance to the end of what is known, only ids are read. */
const FAR = 400;

export class ListWindow {
  entries: Entry[] = [];
  /** The state that `listChanges` and events go on from. */
  state: string | undefined;
  whole = false;
  /** How many there are, as far as it is known. */
  total = 0;

  private readonly known = new Set<string>();
  private readonly held = new Map<string, Row>();
  private readonly missing = new Set<string>();
  private cursor: string | undefined;
  private reading: Promise<void> | undefined;
  private wanted: [number, number] = [0, 0];
  private begun = false;
  /** What changed while the beginning was read again, which is of an earlier time then. */
  private changedMeanwhile: Set<string> | undefined;
  private ended = false;
  /** Grows with what comes and goes: how many there are in all is old news in an answer that was asked for before. */
  private counted = 0;

  constructor(
    private readonly source: Source,
    private readonly changed: () => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  async begin(): Promise<void> {
    this.take(await this.source.page(undefined));
    this.begun = true;
    this.changed();
  }

  /** Nothing more is read or told. */
  end(): void {
    this.ended = true;
  }

  row(index: number): Row | undefined {
    const entry = this.entries[index];
    return entry && this.held.get(entry.id);
  }

  byId(id: string): Row | undefined {
    return this.held.get(id);
  }

  has(id: string): boolean {
    return this.known.has(id);
  }

  indexOf(id: string): number {
    return this.entries.findIndex((it) => it.id === id);
  }

  get length(): number {
    return this.whole ? this.entries.length : Math.max(this.entries.length, this.total);
  }

  get heldRows(): number {
    return this.held.size;
  }

  /** These rows are on the screen or about to be: what of them is not at hand is read. */
  show(first: number, last: number): void {
    this.wanted = [first, last];
    this.drop();
    if (this.begun && !this.reading && !this.ended && this.needs()) {
      this.reading = this.readOn().finally(() => {
        this.reading = undefined;
      });
    }
  }

  /** For tests: when everything wanted is there. */
  async settled(): Promise<void> {
    while (this.reading) await this.reading;
  }

  private async readOn(): Promise<void> {
    try {
      while (this.needs() && !this.ended) {
        await this.readNext();
        if (this.ended) return;
        this.changed();
      }
    } catch (error) {
      if (!this.ended) this.failed(error);
    }
  }

  private needs(): boolean {
    return this.beyond() > 0 || this.absent().length > 0;
  }

  private beyond(): number {
    return this.whole ? 0 : this.wanted[1] - this.entries.length + 1;
  }

  private absent(): string[] {
    if (!this.source.rows) return [];
    const near = this.entries.slice(Math.max(0, this.wanted[0]), this.wanted[1] + 1);
    return near.map((it) => it.id).filter((id) => !this.held.has(id) && !this.missing.has(id));
  }

  private async readNext(): Promise<void> {
    const absent = this.absent();
    if (absent.length > 0 && this.source.rows) {
      const asked = absent.slice(0, READ);
      for (const row of await this.source.rows(asked)) this.held.set(row.id, row);
      // Removed meanwhile: the event that says so is on its way.
      for (const id of asked) if (!this.held.has(id)) this.missing.add(id);
    } else if (this.beyond() > FAR && this.source.entries && this.cursor) {
      const { entries, cursor } = await this.source.entries(this.cursor);
      this.append(entries);
      this.goOn(cursor);
    } else {
      const before = this.counted;
      const page = await this.source.page(this.cursor);
      this.take(before === this.counted ? page : { ...page, total: undefined });
    }
  }

  private take(page: Page): void {
    this.append(page.rows);
    for (const row of page.rows) this.held.set(row.id, row);
    this.state ??= page.state;
    this.total = page.total ?? this.total;
    this.goOn(page.cursor);
  }

  /** An event may have told of a message before its page came. */
  private append(entries: readonly Entry[]): void {
    for (const { id, order } of entries) {
      if (this.known.has(id)) continue;
      this.known.add(id);
      this.entries.push({ id, order });
    }
  }

  private goOn(cursor: string | undefined): void {
    this.cursor = cursor;
    this.whole = cursor === undefined;
  }

  /** Maps keep the order of insertion, so that those read first are dropped first, except what is on the screen. */
  private drop(): void {
    if (this.held.size <= HELD || !this.source.rows) return;
    const [first, last] = this.wanted;
    const near = new Set(this.entries.slice(Math.max(0, first - READ), last + READ).map((it) => it.id));
    for (const id of this.held.keys()) {
      if (this.held.size <= HELD) return;
      if (!near.has(id)) this.held.delete(id);
    }
  }

  /** What changed together, in a mailbox. */
  apply(changes: Changes, state?: string): void {
    if (changes.removed.length > 0) this.remove(changes.removed);
    for (const row of changes.added) this.insert(row);
    for (const { id, keywords } of changes.updated) this.mark(id, keywords);
    this.state = state ?? this.state;
    this.changed();
  }

  /**
   * Reads the beginning again: what is new comes to its place, and what is missing goes where it is doubted. Further down nothing
   * changes. Answers what is gone.
   */
  async renew(doubted: (id: string) => boolean): Promise<ReadonlySet<string>> {
    if (!this.source.again || this.ended) return new Set();
    const meanwhile = (this.changedMeanwhile = new Set<string>());
    const before = this.counted;
    const [least, most] = RENEWED;
    const { rows, cursor, total } = await this.source
      .again(Math.min(most, Math.max(least, this.entries.length + least)))
      .finally(() => (this.changedMeanwhile = undefined));
    if (this.ended) return new Set();
    const current = before === this.counted;
    if (cursor !== undefined && this.entries.length > 0 && !rows.some((it) => this.known.has(it.id))) this.forget();
    if (this.entries.length === 0) this.goOn(cursor);
    const found = new Set(rows.map((it) => it.id));
    const end = cursor === undefined ? -Infinity : (rows.at(-1)?.order ?? Infinity);
    const gone = this.entries.filter((it) => it.order > end && !found.has(it.id) && doubted(it.id)).map((it) => it.id);
    this.remove(gone);
    for (const row of rows) if (!meanwhile.has(row.id)) this.insert(row);
    if (current) this.total = total ?? this.total;
    this.counted++;
    this.changed();
    return new Set(gone);
  }

  /** More is new than was read: what follows is read by the new cursor. */
  private forget(): void {
    this.entries = [];
    this.known.clear();
    this.held.clear();
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.changedMeanwhile?.add(id);
    this.counted++;
    const gone = new Set(ids);
    const before = this.entries.length;
    this.entries = this.entries.filter((it) => !gone.has(it.id));
    this.total = Math.max(0, this.total - (before - this.entries.length));
    for (const id of ids) {
      this.held.delete(id);
      this.known.delete(id);
    }
  }

  insert(row: Row): void {
    if (!row.bare) this.held.set(row.id, row);
    if (this.known.has(row.id)) return;
    this.known.add(row.id);
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.order > row.order) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, { id: row.id, order: row.order });
    this.counted++;
    this.total++;
  }

  mark(id: string, keywords: Record<string, boolean>): void {
    this.changedMeanwhile?.add(id);
    const row = this.held.get(id);
    if (row) this.held.set(id, { ...row, keywords });
  }
}
