// A message that is written. It is a draft in the mailbox from the first save on; each further one replaces it, under the
// condition that nobody else has changed it (If-Match). Files are sent up once, and named by the draft that has them after that.
// A request that got no answer may have been carried out: the very same is sent again, with its key, before anything else.
import { effect, signal, type Signal } from '@preact/signals';
import { api, isUnanswered, ok, reachable, Refused, said, upload, type Schema } from './api';
import { parseAddresses, writeAddresses } from './format';
import { ask, forgetSeen, identities, list, open, read, tell, tellProblem } from './mail';
import { leave, session, signOut } from './session';

export interface Attached {
  key: number;
  name: string;
  size: number;
  type: string;
  /** Shown within the text. */
  cid?: string;
  /** From the user's disk. It is kept when it is sent up: the draft that has it may be removed elsewhere. */
  file?: File;
  /** In the draft as it is stored. */
  partId?: string | undefined;
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

/** What it answers or forwards. */
interface Origin {
  answers?: string;
  forwards?: string;
  /** In another message, which would be marked in its place. */
  within?: boolean;
}

/** A request to store, which stays the same until it is answered. */
interface Attempt {
  method: 'POST' | 'PUT';
  path: string;
  body: Blob | string;
  headers: Record<string, string>;
  snapshot: string;
  files: readonly Attached[];
}

let keys = 0;

const NOWHERE = 'The mail server does not say where the draft is: look into the drafts.';
const ELSEWHERE = 'This draft was changed or removed elsewhere. What you write is kept as a draft of its own from now on.';

/** Whose drafts are written: the account of the session. */
function owner(): string {
  const account = session.peek()?.account;
  return JSON.stringify([account?.username, account?.server]);
}

export class Draft {
  readonly key = ++keys;
  readonly owner = owner();
  readonly fields: Signal<Fields>;
  readonly files = signal<Attached[]>([]);
  readonly status = signal<'' | 'saving' | 'saved' | 'unsaved' | 'sending' | 'unsent' | 'unanswered'>('');
  readonly progress = signal(0);
  readonly problem = signal<string | undefined>(undefined);
  /** What the user should know for longer than a problem lasts: until they put it away. */
  readonly warning = signal<string | undefined>(undefined);
  /** What the editor begins with. */
  html = '';
  /** What is not in the text that is quoted. */
  note: string | undefined;
  pictures: ReadonlyMap<string, string> = new Map();
  /** Reads the editor; undefined until there is one. */
  body: (() => string) | undefined;

  /** Without an ETag where it was not read back yet. */
  private stored: { id: string; etag?: string } | undefined;
  /** As what it was stored so far: a list may show an earlier one for a moment. */
  private readonly ids = new Set<string>();
  private savedAs = '';
  /** The gateway did not know who writes: what is shown as the sender is to be stored before it is sent. */
  private withoutSender = false;
  private saving: Promise<void> | undefined;
  /** The request to store that was not answered yet. */
  private attempt: Attempt | undefined;
  /** The files of what was stored, whose parts were not read back yet. */
  private unread: readonly Attached[] | undefined;
  /** The request to send that was not answered yet. */
  private sent: { messageId: string; key: string } | undefined;
  private untouched = '';
  /** The user has written it before. */
  private earlier = false;
  private closed = false;
  /** It is being sent or closed. */
  private busy = false;
  /** Stored, and nobody knows where: what saves by itself would store it again and again. */
  private unplaced = false;
  private readonly kept: Pick<Schema['MessageRequest'], 'inReplyTo' | 'references' | 'replyTo' | 'headers'> = {};
  private readonly options: Origin;

  constructor(fields: Partial<Fields>, options: Origin = {}) {
    this.fields = signal({ from: ownAddress(), to: '', cc: '', bcc: '', subject: '', ...fields });
    this.options = options;
    this.settle();
  }

  /** A draft that is stored already, such as a reply that the gateway has made. */
  static async read(id: string, options: Origin = {}): Promise<Draft> {
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
    draft.ids.add(id);
    draft.earlier = !draft.made;
    draft.withoutSender = message.from.length === 0;
    const { inReplyTo, references, replyTo } = message;
    Object.assign(draft.kept, { inReplyTo, references, replyTo, headers: furtherHeaders(message.headers ?? []) });
    draft.files.value = message.attachments.map(attached);
    draft.html = message.html?.content ?? '';
    draft.note = lossOf(message.html);
    draft.pictures = await linksToPictures(id, message.attachments);
    if (options.answers !== undefined) await draft.takeQuotedPictures(options.answers);
    draft.settle();
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

  /** Whether that is this draft, as it is stored or was. */
  is(id: string): boolean {
    return this.ids.has(id);
  }

  /** The app made it, as an answer to a message or to forward one. */
  private get made(): boolean {
    return this.options.answers !== undefined || this.options.forwards !== undefined;
  }

  /** What is marked when it is sent. */
  private get marks(): Pick<Schema['SendOptions'], 'answers' | 'forwards'> {
    const { within, ...marks } = this.options;
    return within ? {} : marks;
  }

  /** Whether anything goes with it that somebody has written. */
  get written(): boolean {
    return this.earlier || this.snapshot() !== this.untouched;
  }

  get isNew(): boolean {
    return this.stored === undefined;
  }

  /** While it is sent, and until it is known whether it was, nothing can be changed. */
  get locked(): boolean {
    return this.status.value === 'sending' || this.status.value === 'unanswered';
  }

  /** From now on a difference is something that was written, also before there is an editor. */
  private settle(): void {
    this.untouched = this.savedAs = this.snapshot();
  }

  /** The editor shows the text, which it writes in its own way: that alone is no difference. */
  begin(body: () => string): void {
    if (this.body === undefined) {
      const shown = body();
      this.untouched = this.asShown(this.untouched, shown);
      this.savedAs = this.asShown(this.savedAs, shown);
    }
    this.body = body;
  }

  private asShown(snapshot: string, shown: string): string {
    if (snapshot === '') return '';
    const [fields, html, files] = JSON.parse(snapshot) as [Fields, string, number[]];
    return JSON.stringify([fields, html === this.html ? shown : html, files]);
  }

  /** The editor goes, and another one may come: when the session has ended, and the same user signs in again. */
  rest(): void {
    if (!this.body) return;
    const html = this.body();
    this.html = html;
    this.body = () => html;
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
    return this.snapshot() !== this.savedAs;
  }

  private snapshot(): string {
    return JSON.stringify([this.fields.value, this.body?.() ?? this.html, this.files.value.map((it) => it.key)]);
  }

  /** Until everything is stored that was written, also meanwhile. */
  private async save(): Promise<void> {
    while (!this.closed) {
      if (this.saving) await this.saving.catch(() => {});
      else if (this.attempt || this.unread || this.dirty) await this.saveOnce();
      else return;
    }
  }

  private saveOnce(): Promise<void> {
    this.saving = this.store().finally(() => (this.saving = undefined));
    return this.saving;
  }

  /** Saved by itself: a failure is shown in the window, and tried again with the next change or tick. */
  async saveQuietly(): Promise<void> {
    if (this.saving || this.busy || this.locked || this.closed || this.unplaced) return;
    if (!this.attempt && !this.unread && !this.dirty) return;
    try {
      await this.saveOnce();
    } catch (error) {
      this.fail(error, 'unsaved');
    }
  }

  private async store(): Promise<void> {
    if (!this.locked) this.status.value = 'saving';
    if (!this.unread) await this.answered((this.attempt ??= this.attempted()));
    await this.readBack();
    if (!this.locked) this.problem.value = undefined;
    if (!this.locked) this.status.value = 'saved';
  }

  private attempted(): Attempt {
    const html = this.body?.() ?? asWritten(this.html);
    // A picture that was taken out of the text is not sent along.
    const files = this.files.value.filter((it) => it.cid === undefined || html.replaceAll('&amp;', '&').includes(`cid:${it.cid}`));
    const { body, type } = form(this.request(html, files), files);
    const headers: Record<string, string> = { 'Content-Type': type, 'Idempotency-Key': crypto.randomUUID() };
    if (this.stored?.etag !== undefined) headers['If-Match'] = this.stored.etag;
    return {
      ...(this.stored
        ? { method: 'PUT', path: `/v1/messages/${encodeURIComponent(this.stored.id)}/content` }
        : { method: 'POST', path: '/v1/mailboxes/drafts/messages' }),
      body,
      headers,
      snapshot: this.snapshot(),
      files,
    };
  }

  private async answered(attempt: Attempt): Promise<void> {
    const { method, path, body, headers } = attempt;
    let id: string | undefined;
    try {
      const answer = await upload<Schema['CreatedMessage']>(method, path, body, headers, (part) => (this.progress.value = part));
      id = answer.data.id;
    } catch (error) {
      if (isUnanswered(error)) throw error;
      this.attempt = undefined;
      if (method === 'PUT' && error instanceof Refused && [404, 410, 412].includes(error.status)) {
        throw this.lostElsewhere();
      }
      throw error;
    }
    this.attempt = undefined;
    if (id === undefined) {
      this.lose();
      this.savedAs = attempt.snapshot;
      this.unplaced = true;
      throw new Error(NOWHERE);
    }
    this.stored = { id };
    this.withoutSender = false;
    this.ids.add(id);
    this.savedAs = attempt.snapshot;
    this.unread = attempt.files;
  }

  /** Neither the parts nor the ETag of what was stored are in the answer. */
  private async readBack(): Promise<void> {
    const { id } = this.stored!;
    try {
      const { message, etag } = await readDraft(id);
      this.stored = { id, etag };
      this.adopt(this.unread!, message.attachments);
      this.unread = undefined;
    } catch (error) {
      if (!(error instanceof Refused && (error.status === 404 || error.status === 410))) throw error;
      this.unread = undefined;
      throw this.lostElsewhere();
    }
  }

  /** The next save succeeds, and would take the explanation away: there are two drafts from then on. */
  private lostElsewhere(): Error {
    this.lose();
    this.warning.value = ELSEWHERE;
    return new Error(ELSEWHERE);
  }

  /** The draft is no longer what was stored: the next save makes one of its own, with the files from where they were. */
  private lose(): void {
    const messageId = this.stored?.id;
    this.stored = undefined;
    // What is there by that name is another's.
    this.ids.clear();
    this.savedAs = '';
    this.files.value = this.files.value.map((it) => ({
      ...it,
      partId: undefined,
      ...(!it.file && !it.source && messageId !== undefined && it.partId !== undefined && { source: { messageId, partId: it.partId } }),
    }));
  }

  /** The files that were sent up have their parts now; their keys stay, so that the window does not change. */
  private adopt(sent: readonly Attached[], stored: readonly Schema['MessageAttachment'][]): void {
    const left = [...stored];
    const parts = new Map<number, string>();
    for (const file of sent) {
      const i = left.findIndex((it) => (file.cid !== undefined ? it.cid === file.cid : it.name === file.name));
      if (i >= 0) parts.set(file.key, left.splice(i, 1)[0]!.partId);
    }
    this.files.value = this.files.value.map((it) => ({ ...it, partId: parts.get(it.key) }));
  }

  private request(html: string, files: readonly Attached[]): Schema['MessageRequest'] {
    const { from, to, cc, bcc, subject } = this.fields.value;
    const senders = parseAddresses(from);
    return {
      ...(senders.length > 0 && { from: senders }),
      to: parseAddresses(to),
      cc: parseAddresses(cc),
      bcc: parseAddresses(bcc),
      subject,
      html,
      ...this.kept,
      attachments: files.map((it) => ({
        ...this.whereIs(it),
        name: it.name,
        // What is at the mail server has its own, such as that of a whole message, which a file cannot have.
        ...(it.file && { type: /^(message|multipart)\//.test(it.type) ? 'application/octet-stream' : it.type }),
        ...(it.cid !== undefined && { cid: it.cid, inline: true }),
      })),
    };
  }

  private whereIs(file: Attached): Schema['AttachmentSource'] {
    if (this.stored && file.partId !== undefined) return { messageId: this.stored.id, partId: file.partId };
    if (file.file) return { part: `file${file.key}` };
    if (file.source) return file.source;
    throw new Error(`The file ${file.name} was in the draft that is gone: remove it here.`);
  }

  async send(): Promise<boolean> {
    if (this.busy || this.closed) return false;
    if (!this.body) {
      this.problem.value = 'The text is not there yet.';
      return false;
    }
    this.busy = true;
    this.problem.value = undefined;
    this.status.value = 'sending';
    try {
      if (!this.sent) {
        const { to, cc, bcc } = this.fields.value;
        if (parseAddresses(to + ',' + cc + ',' + bcc).length === 0) throw new Error('Say whom it goes to.');
        if ((this.isNew || this.withoutSender) && !this.dirty) this.savedAs = '';
        await this.save();
        if (!this.stored) throw new Error(NOWHERE);
        this.sent = { messageId: this.stored.id, key: crypto.randomUUID() };
      }
      const refused = await this.refusedRecipients(this.sent);
      this.closed = true;
      tell(refused.length > 0 ? { text: `Sent, but not to ${refused.join(', ')}.`, bad: true } : { text: 'Sent.' });
      const { answers } = this.marks;
      if (answers !== undefined) markAnswered(answers);
      return true;
    } catch (error) {
      if (this.sent && isUnanswered(error)) {
        this.fail(new Error(`${said(error)} It may have been sent: press Send again to find out. It is not sent twice.`), 'unanswered');
        tell({ text: this.problem.value!, bad: true });
      } else {
        if (this.sent && this.stored) {
          // The gateway has marked it before it was refused, and it has another ETag.
          this.unread = this.files.value;
          await this.readBack().catch(() => {});
        }
        this.sent = undefined;
        this.fail(error, 'unsent');
        tell({ text: `Not sent: ${this.problem.value}`, bad: true });
      }
      return false;
    } finally {
      this.busy = false;
    }
  }

  private async refusedRecipients({ messageId, key }: { messageId: string; key: string }): Promise<string[]> {
    try {
      const params = { path: { messageId }, header: { 'Idempotency-Key': key } };
      const { recipients } = await ok(api.POST('/v1/messages/{messageId}/send', { params, body: this.marks }));
      return recipients.filter((it) => !it.accepted).map((it) => it.email);
    } catch (error) {
      if (error instanceof Refused && error.code === 'already-sent') return [];
      throw error;
    }
  }

  private fail(error: unknown, status: 'unsaved' | 'unsent' | 'unanswered'): void {
    this.status.value = status;
    this.problem.value = said(error);
  }

  /** Keeps what was written; a draft that the app made and nobody wrote into goes. */
  async close(): Promise<boolean> {
    if (this.busy) return false;
    if (this.sent) {
      // Nothing could be changed since it was stored.
      this.closed = true;
      tell({ text: 'It is not known whether it was sent: look into the sent messages and the drafts.', bad: true });
      return true;
    }
    this.busy = true;
    try {
      if (this.made && this.snapshot() === this.untouched) await this.discard();
      else await this.save();
      this.closed = true;
      return true;
    } catch (error) {
      this.fail(error, 'unsaved');
      return false;
    } finally {
      this.busy = false;
    }
  }

  async discard(): Promise<void> {
    if (this.locked) return;
    this.closed = true;
    await this.saving?.catch(() => {});
    try {
      // It may be there already: the same request tells where.
      if (this.attempt) await this.answered(this.attempt);
      if (!this.stored) return;
      const { id: messageId, etag } = this.stored;
      forgetSeen(messageId);
      const params = { path: { messageId }, query: { permanent: true }, header: { ...(etag !== undefined && { 'If-Match': etag }) } };
      await ok(api.DELETE('/v1/messages/{messageId}', { params }));
    } catch (error) {
      tellProblem(error);
    }
  }
}

export const composing = signal<Draft | undefined>(undefined);

/** What was written outlives a session that expired, and is shown to its own account alone. */
effect(() => {
  const draft = composing.peek();
  if (session.value && draft && draft.owner !== owner()) composing.value = undefined;
});

/** Whether the page must not be left without a question. */
export function unsaved(): boolean {
  const draft = composing.peek();
  return draft !== undefined && (draft.dirty || draft.locked);
}

/** Signs out, when what is written is kept as a draft; the user may say that it goes. */
export async function signOutSafely(): Promise<void> {
  const draft = composing.value;
  if (draft?.status.value === 'sending') return tell({ text: SENDING, bad: true });
  if (draft && !(await draft.close())) {
    if (!(await ask('What you write could not be kept as a draft. Sign out, and lose it?', 'Sign out'))) return;
  }
  composing.value = undefined;
  try {
    await signOut();
  } catch (error) {
    const text = `The session could not be ended: ${said(error)} It stays good until it expires. Leave it nevertheless?`;
    if (session.value && (await ask(text, 'Leave'))) leave();
  }
}

const SENDING = 'A message is being sent: wait until it is.';

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
  const answer = api.GET('/v1/messages/{messageId}', { params: { path: { messageId: id }, query: { include: ['html', 'headers'] } } });
  const message = await ok(answer);
  return { message, etag: (await answer).response.headers.get('ETag') ?? '*' };
}

/** What the gateway does not write by itself, and a message of the user's own may have. */
function furtherHeaders(headers: readonly Schema['HeaderField'][]): Schema['HeaderField'][] {
  return headers
    .filter(({ name, value }) => CARRIED.test(name) && typeof value === 'string' && /^[^\x00-\x1f\x7f]{1,900}$/.test(value))
    .map(({ name, value }) => ({ name, value }))
    .slice(0, 50);
}

const CARRIED = /^(importance|priority|x-priority|sensitivity|comments|keywords|organization|disposition-notification-to)$/i;

/** The text of a message comes sanitised, and cut where it is very long. */
function lossOf(html: Schema['HtmlContent'] | undefined): string | undefined {
  if (html?.truncated) return 'The text is too long to be shown here: only its beginning is.';
  return html && html.blockedRemoteContent > 0 ? 'Pictures of other servers are left out of the text.' : undefined;
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
  // The gateway folds quotations for readers, and who writes does not send that along.
  for (const fold of template.content.querySelectorAll('details.postern-quote')) {
    fold.querySelector(':scope > summary')?.remove();
    fold.replaceWith(...fold.childNodes);
  }
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
  // In a document of its own, which loads nothing. Cloned, as the policy of this page takes offence at styles that are parsed.
  const copy = document.implementation.createHTMLDocument('').importNode(body, true);
  for (const img of copy.querySelectorAll('img[data-cid]')) {
    img.setAttribute('src', `cid:${img.getAttribute('data-cid')}`);
    img.removeAttribute('data-cid');
  }
  return copy.innerHTML;
}

/** As the editor would write it, where it has not come yet. */
function asWritten(html: string): string {
  if (html === '') return '';
  const { body } = document.implementation.createHTMLDocument('');
  writeInto(body, html, new Map());
  return writtenHtml(body);
}

/** The same octets each time it is sent, which a `FormData` is not: its boundary is a new one. */
function form(message: Schema['MessageRequest'], files: readonly Attached[]): { body: Blob | string; type: string } {
  const json = JSON.stringify(message);
  const sent = new Set(message.attachments?.map((it) => it.part));
  const fresh = files.filter((it) => it.file && sent.has(`file${it.key}`));
  if (fresh.length === 0) return { body: json, type: 'application/json' };
  const boundary = `inbox-${crypto.randomUUID()}`;
  const head = (name: string, rest: string) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n`;
  const parts: BlobPart[] = [head('message', '\r\nContent-Type: application/json'), json, '\r\n'];
  for (const it of fresh) {
    parts.push(head(`file${it.key}`, '; filename="file"\r\nContent-Type: application/octet-stream'), it.file!, '\r\n');
  }
  return { body: new Blob([...parts, `--${boundary}--\r\n`]), type: `multipart/form-data; boundary=${boundary}` };
}

function markAnswered(id: string): void {
  const row = list.value?.byId(id);
  if (row) list.value?.mark(id, { ...row.keywords, $answered: true });
}

let beginning = false;

/** A message that is written is on its way to the screen: what is typed is meant for it. */
export function opening(): boolean {
  return beginning;
}

/** The one that is open is kept as a draft first. */
async function begin(make: () => Promise<Draft | undefined> | Draft): Promise<void> {
  if (beginning) return;
  beginning = true;
  const account = owner();
  try {
    const before = composing.value;
    if (before) {
      if (before.status.value === 'sending') return tell({ text: SENDING, bad: true });
      if (!(await before.close())) return;
      composing.value = undefined;
    }
    const draft = await make();
    if (session.value && owner() === account) composing.value = draft;
  } catch (error) {
    tellProblem(error);
  } finally {
    beginning = false;
  }
}

export function composeNew(fields: Partial<Fields> = {}): void {
  void begin(() => new Draft(fields));
}

/**
 * What would be stored with less than it has is edited only when the user agrees, and shown else. The one that is open stays so:
 * to close it would store it, and what is to be opened would be gone.
 */
export async function openDraft(id: string): Promise<void> {
  if (composing.value?.is(id)) return;
  return begin(async () => {
    const draft = await Draft.read(id);
    if (draft.note === undefined) return draft;
    if (await ask(`${draft.note} What is not shown goes from the draft when you change it.`, 'Edit')) return draft;
    open.value = list.value?.byId(id);
    return undefined;
  });
}

/** @param within whether it is in another message, and can have no mark of its own */
export function reply(id: string, recipients: Schema['ReplyAudience'], within = false): Promise<void> {
  return begin(() =>
    made(`reply ${recipients} ${id}`, { answers: id, within }, (header) => {
      const body = { recipients, html: '<p><br></p>' };
      return ok(api.POST('/v1/messages/{messageId}/reply', { params: { path: { messageId: id }, header }, body }));
    }),
  );
}

export function forward(id: string, within = false): Promise<void> {
  return begin(() =>
    made(`forward ${id}`, { forwards: id, within }, (header) =>
      ok(api.POST('/v1/messages/{messageId}/forward', { params: { path: { messageId: id }, header }, body: { html: '<p><br></p>' } })),
    ),
  );
}

/** The keys of what was asked for and has not come yet: asking again makes no second draft. */
const making = new Map<string, string>();

async function made(
  what: string,
  options: Origin,
  ask: (header: { 'Idempotency-Key': string }) => Promise<Schema['CreatedMessage']>,
): Promise<Draft> {
  const name = `${owner()} ${what}`;
  const key = making.get(name) ?? crypto.randomUUID();
  making.set(name, key);
  let id: string | undefined;
  try {
    ({ id } = await ask({ 'Idempotency-Key': key }));
    if (id === undefined) throw new Error(NOWHERE);
    const draft = await Draft.read(id, options);
    making.delete(name);
    return draft;
  } catch (error) {
    // A draft that is there is read when it is asked for again.
    if (id === undefined ? !isUnanswered(error) : error instanceof Refused && error.status === 404) making.delete(name);
    throw error;
  }
}
