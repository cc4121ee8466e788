// A message that is written. It is a draft in the mailbox from the first save on; each further one replaces it, under the
// condition that nobody else has changed it (If-Match). Files are sent up once, and named by the draft that has them after that.
import { signal, type Signal } from '@preact/signals';
import { api, ok, reachable, Refused, said, upload, type Schema } from './api';
import { parseAddresses, writeAddresses } from './format';
import { forgetSeen, identities, list, read, tell, tellProblem } from './mail';

export interface Attached {
  key: number;
  name: string;
  size: number;
  type: string;
  /** Shown within the text. */
  cid?: string;
  /** Not sent up yet. */
  file?: File;
  /** In the draft as it is stored. */
  partId?: string;
  /** In another message, such as a picture of the one that is quoted. */
  source?: { messageId: string; partId: string };
}

export interface Fields {
  from: string;
  to: string;
  cc: string;
  bcc: string;
  subject: string;
}

let keys = 0;

export class Draft {
  readonly key = ++keys;
  readonly fields: Signal<Fields>;
  readonly files = signal<Attached[]>([]);
  readonly status = signal<'' | 'saving' | 'saved' | 'sending' | 'problem'>('');
  readonly progress = signal(0);
  readonly problem = signal<string | undefined>(undefined);
  /** What the editor begins with. */
  html = '';
  pictures: ReadonlyMap<string, string> = new Map();
  /** Reads the editor; undefined until there is one. */
  body: (() => string) | undefined;

  private stored: { id: string; etag: string } | undefined;
  private savedAs = '';
  private saving: Promise<void> | undefined;
  private untouched = '';
  private closed = false;
  private readonly sendKey = crypto.randomUUID();
  private readonly kept: Pick<Schema['MessageRequest'], 'inReplyTo' | 'references'> = {};
  private readonly options: Pick<Schema['SendOptions'], 'answers' | 'forwards'>;

  constructor(fields: Partial<Fields>, options: Pick<Schema['SendOptions'], 'answers' | 'forwards'> = {}) {
    this.fields = signal({ from: ownAddress(), to: '', cc: '', bcc: '', subject: '', ...fields });
    this.options = options;
  }

  /** A draft that is stored already, such as a reply that the gateway has made. */
  static async read(id: string, options: Pick<Schema['SendOptions'], 'answers' | 'forwards'> = {}): Promise<Draft> {
    const { message, etag } = await readDraft(id);
    const draft = new Draft(
      {
        ...(message.from.length > 0 && { from: writeAddresses(message.from) }),
        to: writeAddresses(message.to),
        cc: writeAddresses(message.cc),
        bcc: writeAddresses(message.bcc),
        subject: message.subject ?? '',
      },
      options,
    );
    draft.stored = { id, etag };
    Object.assign(draft.kept, { inReplyTo: message.inReplyTo, references: message.references });
    draft.files.value = message.attachments.map(attached);
    draft.html = message.html?.content ?? '';
    draft.pictures = await linksToPictures(id, message.attachments);
    if (options.answers !== undefined) await draft.takeQuotedPictures(options.answers);
    return draft;
  }

  /** The gateway's draft quotes the text with its pictures, and without their files. */
  private async takeQuotedPictures(messageId: string): Promise<void> {
    const { message } = await read(messageId);
    const quoted = message.attachments.filter(
      (it) => it.inline && it.cid !== undefined && this.html.includes('cid:') && !this.pictures.has(it.cid),
    );
    this.files.value = [
      ...this.files.value,
      ...quoted.map((it) => ({
        key: ++keys, name: it.name, size: it.estimatedSize, type: it.type, cid: it.cid!, source: { messageId, partId: it.partId },
      })),
    ];
    this.pictures = new Map([...this.pictures, ...(await linksToPictures(messageId, quoted))]);
  }

  get isNew(): boolean {
    return this.stored === undefined;
  }

  /** The editor shows the text: from here on a difference is something that was written. */
  begin(body: () => string): void {
    this.body = body;
    this.untouched = this.savedAs = this.snapshot();
  }

  set(field: keyof Fields, value: string): void {
    this.fields.value = { ...this.fields.value, [field]: value };
  }

  add(file: File, cid?: string): void {
    const { name, size, type } = file;
    this.files.value = [
      ...this.files.value,
      { key: ++keys, name: name || 'file', size, type: type || 'application/octet-stream', file, ...(cid !== undefined && { cid }) },
    ];
  }

  remove(key: number): void {
    this.files.value = this.files.value.filter((it) => it.key !== key);
  }

  get dirty(): boolean {
    return this.body !== undefined && this.snapshot() !== this.savedAs;
  }

  private snapshot(): string {
    return JSON.stringify([this.fields.value, this.body?.() ?? '', this.files.value.map((it) => it.key)]);
  }

  /** One save at a time; what is written meanwhile waits for the next one. */
  async save(): Promise<void> {
    if (this.saving) await this.saving.catch(() => {});
    if (this.closed || !this.dirty) return;
    this.saving = this.store().finally(() => (this.saving = undefined));
    await this.saving;
  }

  /** Saved by itself: a failure is shown in the window, and tried again with the next change or tick. */
  async saveQuietly(): Promise<void> {
    if (this.saving || this.status.value === 'sending') return;
    try {
      await this.save();
    } catch (error) {
      this.fail(error);
    }
  }

  private async store(): Promise<void> {
    const snapshot = this.snapshot();
    const files = this.files.value;
    this.status.value = this.status.value === 'sending' ? 'sending' : 'saving';
    const message = this.request(files);
    const body = form(message, files);
    const headers: Record<string, string> = { 'Idempotency-Key': crypto.randomUUID() };
    let answer;
    try {
      if (this.stored) {
        headers['If-Match'] = this.stored.etag;
        const path = `/v1/messages/${encodeURIComponent(this.stored.id)}/content`;
        answer = await upload<Schema['CreatedMessage']>('PUT', path, body, headers, (part) => (this.progress.value = part));
      } else {
        answer = await upload<Schema['CreatedMessage']>('POST', '/v1/mailboxes/drafts/messages', body, headers, (part) => {
          this.progress.value = part;
        });
      }
    } catch (error) {
      if (error instanceof Refused && (error.status === 412 || error.status === 404) && this.stored) {
        this.stored = undefined;
        throw new Error('This draft was changed or removed elsewhere. What you write is kept as a draft of its own from now on.');
      }
      throw error;
    }
    const { id } = answer.data;
    if (id === undefined) throw new Error('The mail server does not say where the draft is: look into the drafts.');
    // Neither the parts nor the ETag of what was stored are in the answer.
    const { message: stored, etag } = await readDraft(id);
    this.stored = { id, etag };
    this.adopt(files, stored.attachments);
    this.savedAs = snapshot;
    this.problem.value = undefined;
    if (this.status.value !== 'sending') this.status.value = 'saved';
  }

  /** The files that were sent up have their parts now; their keys stay, so that the window does not change. */
  private adopt(sent: readonly Attached[], stored: readonly Schema['MessageAttachment'][]): void {
    const left = [...stored];
    const parts = new Map<number, string>();
    for (const file of sent) {
      const i = left.findIndex((it) => (file.cid !== undefined ? it.cid === file.cid : it.name === file.name));
      if (i >= 0) parts.set(file.key, left.splice(i, 1)[0]!.partId);
    }
    this.files.value = this.files.value.map((it) => {
      const partId = parts.get(it.key);
      if (partId === undefined) return it;
      const { file: _, source: __, ...known } = it;
      return { ...known, partId };
    });
  }

  private request(files: readonly Attached[]): Schema['MessageRequest'] {
    const { from, to, cc, bcc, subject } = this.fields.value;
    const senders = parseAddresses(from);
    return {
      ...(senders.length > 0 && { from: senders }),
      to: parseAddresses(to),
      cc: parseAddresses(cc),
      bcc: parseAddresses(bcc),
      subject,
      html: this.body!(),
      ...this.kept,
      attachments: files.map((it) => ({
        ...(it.file ? { part: `file${it.key}` } : (it.source ?? { messageId: this.stored!.id, partId: it.partId! })),
        name: it.name,
        type: it.type,
        ...(it.cid !== undefined && { cid: it.cid, inline: true }),
      })),
    };
  }

  async send(): Promise<boolean> {
    this.status.value = 'sending';
    try {
      const { to, cc, bcc } = this.fields.value;
      if (parseAddresses(to + ',' + cc + ',' + bcc).length === 0) throw new Error('Say whom it goes to.');
      if (this.isNew && !this.dirty) this.savedAs = '';
      await this.save();
      const messageId = this.stored!.id;
      const sent = await ok(
        api.POST('/v1/messages/{messageId}/send', {
          params: { path: { messageId }, header: { 'Idempotency-Key': this.sendKey } },
          body: this.options,
        }),
      );
      this.closed = true;
      const refused = sent.recipients.filter((it) => !it.accepted).map((it) => it.email);
      tell(refused.length > 0 ? { text: `Sent, but not to ${refused.join(', ')}.`, bad: true } : { text: 'Sent.' });
      const { answers } = this.options;
      if (answers !== undefined) markAnswered(answers);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  private fail(error: unknown): void {
    this.status.value = 'problem';
    this.problem.value = error instanceof Error && !(error instanceof TypeError) && !(error instanceof Refused) ? error.message : said(error);
  }

  /** Keeps what was written; a draft that the app made and nobody wrote into goes. */
  async close(): Promise<boolean> {
    if (this.body && this.snapshot() === this.untouched && this.options.answers !== undefined) {
      await this.discard();
      return true;
    }
    try {
      await this.save();
    } catch (error) {
      this.fail(error);
      return false;
    }
    this.closed = true;
    return true;
  }

  async discard(): Promise<void> {
    await this.saving?.catch(() => {});
    this.closed = true;
    if (!this.stored) return;
    const { id, etag } = this.stored;
    forgetSeen(id);
    await ok(
      api.DELETE('/v1/messages/{messageId}', {
        params: { path: { messageId: id }, query: { permanent: true }, header: { 'If-Match': etag } },
      }),
    ).catch(tellProblem);
  }
}

export const composing = signal<Draft | undefined>(undefined);

/** The user's own address, where it is known; with a `*` in it, it is for the user to complete. */
function ownAddress(): string {
  const whole = identities.value.find((it) => !it.email.includes('*'));
  if (whole) return writeAddresses([whole]);
  const patterns = identities.value.map(
    (it) => new RegExp(`^${it.email.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`, 'i'),
  );
  // What the user was written to is a good guess.
  for (const { id } of list.value?.entries.slice(0, 200) ?? []) {
    for (const address of list.value?.byId(id)?.to ?? []) {
      if (patterns.some((it) => it.test(address.email))) return writeAddresses([address]);
    }
  }
  return '';
}

async function readDraft(id: string): Promise<{ message: Schema['Message']; etag: string }> {
  const answer = api.GET('/v1/messages/{messageId}', { params: { path: { messageId: id }, query: { include: ['html'] } } });
  const message = await ok(answer);
  return { message, etag: (await answer).response.headers.get('ETag') ?? '*' };
}

function attached(it: Schema['MessageAttachment']): Attached {
  return {
    key: ++keys,
    name: it.name,
    size: it.estimatedSize,
    type: it.type,
    partId: it.partId,
    ...(it.inline && it.cid !== undefined && { cid: it.cid }),
  };
}

/** The editor loads the pictures of the text by links: by their Content-IDs. */
async function linksToPictures(messageId: string, files: readonly Schema['MessageAttachment'][]): Promise<Map<string, string>> {
  const inline = files.filter((it) => it.inline && it.cid !== undefined);
  if (inline.length === 0) return new Map();
  const items = inline.map((it) => ({ file: 'part' as const, partId: it.partId, disposition: 'inline' as const }));
  const links = await ok(api.POST('/v1/messages/{messageId}/links', { params: { path: { messageId } }, body: { items } }));
  return new Map(inline.map((it, i) => [it.cid!, reachable(links.items[i]!.url)]));
}

/** The text goes into the editor; `data-cid` remembers what a picture is in the message. */
export function writeInto(body: HTMLElement, html: string, pictures: ReadonlyMap<string, string>): void {
  // What is in a template loads nothing yet.
  const template = body.ownerDocument.createElement('template');
  template.innerHTML = html;
  for (const img of template.content.querySelectorAll('img')) {
    const cid = /^cid:(.*)$/s.exec(img.getAttribute('src') ?? '')?.[1];
    const url = cid === undefined ? undefined : pictures.get(cid);
    if (cid === undefined) continue;
    img.setAttribute('data-cid', cid);
    if (url === undefined) img.removeAttribute('src');
    else img.setAttribute('src', url);
  }
  body.replaceChildren(template.content);
}

/** The text of the editor, as it is sent. */
export function writtenHtml(body: HTMLElement): string {
  const copy = body.ownerDocument.createElement('template');
  copy.innerHTML = body.innerHTML;
  for (const img of copy.content.querySelectorAll('img[data-cid]')) {
    img.setAttribute('src', `cid:${img.getAttribute('data-cid')}`);
    img.removeAttribute('data-cid');
  }
  return copy.innerHTML;
}

function form(message: Schema['MessageRequest'], files: readonly Attached[]): FormData | string {
  const fresh = files.filter((it) => it.file);
  if (fresh.length === 0) return JSON.stringify(message);
  const body = new FormData();
  body.append('message', new Blob([JSON.stringify(message)], { type: 'application/json' }));
  for (const it of fresh) body.append(`file${it.key}`, it.file!, it.name);
  return body;
}

function markAnswered(id: string): void {
  const row = list.value?.byId(id);
  if (row) list.value?.mark(id, { ...row.keywords, $answered: true });
}

/** The one that is open is kept as a draft first. */
async function begin(make: () => Promise<Draft> | Draft): Promise<void> {
  try {
    if (composing.value) {
      if (!(await composing.value.close())) return;
      composing.value = undefined;
    }
    composing.value = await make();
  } catch (error) {
    tellProblem(error);
  }
}

export function composeNew(fields: Partial<Fields> = {}): void {
  void begin(() => new Draft(fields));
}

export function openDraft(id: string): Promise<void> {
  return begin(() => Draft.read(id));
}

export function reply(id: string, recipients: Schema['ReplyAudience']): Promise<void> {
  return begin(async () => {
    const made = await ok(
      api.POST('/v1/messages/{messageId}/reply', { params: { path: { messageId: id } }, body: { recipients, html: '<p><br></p>' } }),
    );
    return Draft.read(made.id!, { answers: id });
  });
}

export function forward(id: string): Promise<void> {
  return begin(async () => {
    const made = await ok(
      api.POST('/v1/messages/{messageId}/forward', { params: { path: { messageId: id } }, body: { html: '<p><br></p>' } }),
    );
    return Draft.read(made.id!, { forwards: id });
  });
}
