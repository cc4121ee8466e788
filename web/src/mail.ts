// The state of the app: mailboxes, the list that is shown, the message that is read, and what is selected.
import { batch, computed, effect, signal, untracked } from '@preact/signals';
import { api, isOffline, mayPass, ok, Refused, said, type Schema } from './api';
import { ChangeCollector, type MailboxEvent } from './changes';
import { reachable } from './api';
import { asksForKeywords, parseQuery } from './query';
import { LiveResults, searched } from './results';
import { mailboxSource, rowOf, searchSource, threadSource } from './sources';
import { LatestStream } from './stream';
import { ListWindow, type Changes, type Row, type Source } from './window';

type SearchPlace = { kind: 'search'; text: string; mailboxId?: string };
export type Place = { kind: 'mailbox'; mailboxId: string; threads: boolean } | SearchPlace;

export const mailboxes = signal<Schema['Mailbox'][] | undefined>(undefined);
export const identities = signal<Schema['AccountIdentity'][]>([]);
export const place = signal<Place | undefined>(undefined);
export const list = signal<ListWindow | undefined>(undefined);
/** Grows when the list changed, as the list itself is not a signal. */
export const version = signal(0);
export const listProblem = signal<string | undefined>(undefined);
export const listLoading = signal(false);
export const open = signal<Row | undefined>(undefined);
/** Where the keyboard is in the list. */
export const at = signal<string | undefined>(undefined);
/** The row, or the message, that takes the focus as soon as it is there. */
export const focusRow = signal<string | undefined>(undefined);
export const focusReader = signal(false);
export const selected = signal<ReadonlySet<string>>(new Set());
/** Everything in the mailbox, or that a search in it finds, is meant, also what was never listed. */
export const allSelected = signal(false);
export const online = signal(true);
export const notice = signal<Notice | undefined>(undefined);
export const question = signal<Question | undefined>(undefined);

export interface Notice {
  text: string;
  undo?: () => Promise<void>;
  bad?: boolean;
}

export interface Question {
  text: string;
  yes: string;
  answer: (agreed: boolean) => void;
}

export const byRole = computed(() => new Map((mailboxes.value ?? []).map((it) => [it.role as string | undefined, it])));
export const byId = computed(() => new Map((mailboxes.value ?? []).map((it) => [it.id, it])));
export const here = computed(() => {
  const where = place.value;
  return where?.mailboxId === undefined ? undefined : byId.value.get(where.mailboxId);
});

let noticeTimer: ReturnType<typeof setTimeout> | undefined;

export function tell(next: Notice): void {
  clearTimeout(noticeTimer);
  notice.value = next;
  noticeTimer = setTimeout(() => (notice.value = undefined), next.undo ? 10_000 : 6_000);
}

export function tellProblem(error: unknown): void {
  if (isOffline(error)) online.value = false;
  else tell({ text: said(error), bad: true });
}

/** Each question is answered, also one that goes unasked for: somebody waits for it. */
export function ask(text: string, yes: string): Promise<boolean> {
  question.value?.answer(false);
  return new Promise((resolve) => {
    const asked: Question = {
      text,
      yes,
      answer(agreed) {
        if (question.value === asked) question.value = undefined;
        resolve(agreed);
      },
    };
    question.value = asked;
  });
}

// ---- mailboxes

/** Grows with each beginning and end of a session: an answer of an earlier one is dropped. */
let sessions = 0;

export async function start(): Promise<void> {
  const turn = ++sessions;
  accountStream();
  const [, account] = await Promise.all([loadMailboxes(), ok(api.GET('/v1/account'))]);
  if (turn !== sessions) return;
  identities.value = account.identities;
  const inbox = byRole.value.get('inbox') ?? mailboxes.value?.find((it) => it.selectable);
  if (inbox) await show({ kind: 'mailbox', mailboxId: inbox.id, threads: false });
}

/** After the session, nothing of it stays. */
export function stop(): void {
  sessions++;
  accountEvents.close();
  mailboxEvents.close();
  clearTimeout(threadsTimer);
  clearTimeout(noticeTimer);
  results?.end();
  results = undefined;
  list.value?.end();
  question.value?.answer(false);
  seen.clear();
  batch(() => {
    mailboxes.value = place.value = list.value = open.value = at.value = notice.value = undefined;
    identities.value = [];
    selected.value = new Set();
    allSelected.value = false;
    online.value = true;
  });
}

export async function loadMailboxes(): Promise<void> {
  const turn = sessions;
  const { items } = await ok(api.GET('/v1/mailboxes'));
  if (turn === sessions) mailboxes.value = items;
}

function count(mailboxId: string, totalMessages: number | undefined, unreadMessages: number | undefined): void {
  mailboxes.value = mailboxes.value?.map((it) =>
    it.id === mailboxId
      ? { ...it, ...(totalMessages !== undefined && { totalMessages }), ...(unreadMessages !== undefined && { unreadMessages }) }
      : it,
  );
}

// ---- the list

export async function show(next: Place): Promise<void> {
  list.value?.end();
  mailboxEvents.close();
  results?.end();
  results = undefined;
  const window = new ListWindow(
    sourceOf(next),
    () => version.value++,
    (error) => tellProblem(error),
  );
  batch(() => {
    place.value = next;
    list.value = window;
    listLoading.value = true;
    listProblem.value = at.value = open.value = undefined;
    selected.value = new Set();
    allSelected.value = false;
  });
  try {
    // What is found is of a later time than the link, which tells the rest.
    const link = next.kind === 'search' ? await beforeSearching(window, next) : undefined;
    if (list.value !== window) return;
    await window.begin();
    if (list.value !== window) return;
    if (next.kind === 'search') followResults(window, link);
    else follow(window);
  } catch (error) {
    if (list.value !== window) return;
    if (isOffline(error)) online.value = false;
    listProblem.value = said(error);
  } finally {
    if (list.value === window) listLoading.value = false;
  }
}

function sourceOf(where: Place): Source {
  if (where.kind === 'search') return searchSource(filterOf(where), where.mailboxId === undefined ? undefined : [where.mailboxId]);
  return where.threads
    ? threadSource(where.mailboxId)
    : mailboxSource(where.mailboxId, () => byId.value.get(where.mailboxId)?.totalMessages ?? 0);
}

export function filterOf(where: SearchPlace): Schema['SearchFilter'] {
  return parseQuery(where.text) ?? {};
}

export function refresh(): void {
  if (place.value) void show(place.value);
}

// ---- live

const accountEvents = new LatestStream();
const mailboxEvents = new LatestStream();

function json<T>(e: Event): T {
  return JSON.parse((e as MessageEvent<string>).data) as T;
}

async function linkToEvents(body: Schema['EventsLinkRequest']): Promise<EventSource> {
  return opened(await ok(api.POST('/v1/events/links', { body })));
}

function opened(link: Schema['EventsLink']): EventSource {
  return new EventSource(reachable(link.url));
}

/** The counts of all mailboxes, and mailboxes that come and go. */
function accountStream(): void {
  const again = () => accountEvents.later(accountStream);
  accountEvents.open(() => linkToEvents({}), (source) => {
    source.addEventListener('mailbox.changed', (e) => {
      const told = json<Schema['MailboxCounts']>(e);
      count(told.mailboxId, told.totalMessages, told.unreadMessages);
      const where = place.value;
      // Conversations have no changes of their own: they are read anew when nothing else is going on.
      if (where?.kind === 'mailbox' && where.threads && where.mailboxId === told.mailboxId) refreshThreads();
      results?.onCounts(told.mailboxId);
    });
    for (const name of ['mailbox.created', 'mailbox.renamed', 'mailbox.removed', 'resync']) {
      source.addEventListener(name, () => void loadMailboxes().catch(tellProblem));
    }
    source.addEventListener('session.ending', again);
    source.onopen = () => (online.value = true);
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) again();
    };
  }, retryUnlessRefused(again));
}

function retryUnlessRefused(again: () => void): (error: unknown) => void {
  return (error) => {
    if (isOffline(error)) online.value = false;
    if (mayPass(error)) again();
  };
}

let threadsTimer: ReturnType<typeof setTimeout> | undefined;
/** The list of conversations that changed while something was open or selected. */
const outdated = signal<ListWindow | undefined>(undefined);

function refreshThreads(): void {
  clearTimeout(threadsTimer);
  const window = list.value;
  threadsTimer = setTimeout(() => {
    if (list.value !== window) return;
    if (open.value || selected.value.size > 0) outdated.value = window;
    else readAnew();
  }, 800);
}

/** The highlight stays on its conversation. */
function readAnew(): void {
  const kept = at.value;
  refresh();
  at.value = kept;
}

/** What came meanwhile is caught up with when nothing is open or selected any more. */
effect(() => {
  if (!outdated.value || open.value || selected.value.size > 0) return;
  untracked(() => {
    const missed = outdated.value === list.value;
    outdated.value = undefined;
    if (missed) refreshThreads();
  });
});

/** What becomes of the messages of the mailbox that is shown. */
function follow(window: ListWindow): void {
  const where = place.value;
  mailboxEvents.close();
  if (where?.kind !== 'mailbox' || where.threads || window.state === undefined) return;
  const mailboxes = [{ mailboxId: where.mailboxId, since: window.state }];
  const again = () => mailboxEvents.later(() => void catchUp(window));
  mailboxEvents.open(() => linkToEvents({ mailboxes }), (source) => {
    listen(source, window, again);
    source.addEventListener('resync', () => {
      mailboxEvents.close();
      void catchUp(window);
    });
  }, retryUnlessRefused(again));
}

/** Of each mailbox by itself: what changed together there is applied together. */
function listen(source: EventSource, window: ListWindow, again: () => void): void {
  const collectors = new Map<string, ChangeCollector>();
  type Told = Omit<MailboxEvent, 'added'> & { mailboxId: string; added?: Schema['MessageSummary'][] };
  for (const name of ['message.added', 'message.updated', 'message.removed']) {
    source.addEventListener(name, (e) => {
      const { mailboxId, added, ...rest } = json<Told>(e);
      const collector = collectors.get(mailboxId) ?? new ChangeCollector((changes, state) => applyChanges(window, changes, state));
      collectors.set(mailboxId, collector);
      collector.take({ ...rest, ...(added && { added: added.map(rowOf) }) });
    });
  }
  source.addEventListener('session.ending', again);
  source.onopen = () => (online.value = true);
  source.onerror = () => {
    for (const it of collectors.values()) it.cut();
    if (source.readyState === EventSource.CLOSED) again();
  };
}

// ---- the results of a search

let results: LiveResults | undefined;

/** Results are shown also where nothing can tell of their changes. */
async function beforeSearching(window: ListWindow, where: SearchPlace): Promise<Schema['EventsLink'] | undefined> {
  const mailboxIds = where.mailboxId === undefined ? searched(mailboxes.value ?? []).map((it) => it.id) : [where.mailboxId];
  results = new LiveResults(window, asksForKeywords(filterOf(where)), mailboxIds, looksAt, searchedInVain);
  return linkToResults(results).catch(() => undefined);
}

function linkToResults({ followed }: LiveResults): Promise<Schema['EventsLink']> {
  const there = followed.filter((it) => byId.value.has(it));
  return ok(api.POST('/v1/events/links', { body: { mailboxes: there.map((mailboxId) => ({ mailboxId })), fields: ['id'] } }));
}

/** Nobody has asked for it, and it is tried again where that may help. */
function searchedInVain(error: unknown): boolean {
  if (isOffline(error)) online.value = false;
  return mayPass(error);
}

function looksAt(id: string): boolean {
  return at.value === id || selected.value.has(id) || chain(open.value).some((it) => it.id === id);
}

/** Without a link from before the search nobody knows what has changed since. */
function followResults(window: ListWindow, link?: Schema['EventsLink']): void {
  const live = results;
  if (list.value !== window || !live || live.followed.length === 0) return;
  const again = () => mailboxEvents.later(() => followResults(window));
  mailboxEvents.open(async () => opened(link ?? (await linkToResults(live))), (source) => {
    if (!link) live.onGap();
    listen(source, window, again);
    source.addEventListener('resync', again);
  }, retryUnlessRefused(again));
}

let catchingUp = 0;

/** After a lost connection: what changed since the state of the list, and then events again. */
async function catchUp(window: ListWindow): Promise<void> {
  const where = place.value;
  if (list.value !== window || where?.kind !== 'mailbox' || window.state === undefined) return;
  const turn = ++catchingUp;
  try {
    const all: Changes = { added: [], updated: [], removed: [] };
    let cursor: string | undefined;
    let state: string | undefined;
    do {
      const page = await ok(
        api.POST('/v1/mailboxes/{mailboxId}/changes', {
          params: { path: { mailboxId: where.mailboxId } },
          body: { since: window.state, ...(cursor && { cursor }) },
        }),
      );
      all.added.push(...page.added.map(rowOf));
      all.updated.push(...page.updated);
      all.removed.push(...page.removed);
      cursor = page.nextCursor;
      state = page.state;
    } while (cursor);
    if (list.value !== window || turn !== catchingUp) return;
    online.value = true;
    applyChanges(window, all, state);
    follow(window);
  } catch (error) {
    if (list.value !== window || turn !== catchingUp) return;
    if (error instanceof Refused && error.status === 410) refresh();
    else {
      if (isOffline(error)) online.value = false;
      mailboxEvents.later(() => void catchUp(window));
    }
  }
}

function applyChanges(window: ListWindow, changes: Changes, state: string | undefined): void {
  // What is added to a mailbox may match or not: the search itself tells.
  const added = results ? [] : changes.added;
  batch(() => {
    results?.onChanges(changes);
    window.apply({ ...changes, added }, state);
    if (open.value) open.value = changed(open.value, changes);
    if (changes.removed.length > 0) unselect(changes.removed);
  });
}

/** A message within a message goes with it. */
function changed(row: Row, changes: Changes): Row {
  const within = row.within && changed(row.within, changes);
  const marked = changes.updated.find((it) => it.id === row.id);
  const gone = within?.gone || changes.removed.includes(row.id);
  if (!marked && !gone && within === row.within) return row;
  return { ...row, ...(within && { within }), ...(marked && { keywords: marked.keywords }), ...(gone && { gone }) };
}

/** A row, and the messages that it is in. */
function chain(row: Row | undefined): Row[] {
  return row ? [row, ...chain(row.within)] : [];
}

/** The connection may be back: at once, without waiting for the next try. */
export function reconnect(): void {
  if (list.value && results) followResults(list.value);
  else if (list.value) void catchUp(list.value);
  accountStream();
  void loadMailboxes().catch(() => {});
}

// ---- reading, of which what was seen stays readable without a connection

export interface Seen {
  message: Schema['Message'];
  html: string;
  blocked: number;
}

const SEEN = 300;
const seen = new Map<string, Seen>();

export async function read(id: string): Promise<Seen> {
  const known = seen.get(id);
  if (known) return known;
  const turn = sessions;
  const [message, page] = await Promise.all([
    ok(api.GET('/v1/messages/{messageId}', { params: { path: { messageId: id } } })),
    page_(id, false),
  ]);
  const fresh = { message, ...page };
  if (turn !== sessions) return fresh;
  seen.set(id, fresh);
  for (const old of seen.keys()) {
    if (seen.size <= SEEN) break;
    seen.delete(old);
  }
  return fresh;
}

/** The message as a page of its own, with links to its pictures that need no header. */
async function page_(id: string, remote: boolean): Promise<{ html: string; blocked: number }> {
  const answer = api.GET('/v1/messages/{messageId}/html', {
    params: { path: { messageId: id }, query: { links: 'signed', remote: remote ? 'allow' : 'block' } },
    parseAs: 'text',
  });
  const html = await ok(answer as Promise<{ data?: string; error?: unknown; response: Response }>);
  return { html, blocked: Number((await answer).response.headers.get('Postern-Blocked-Remote-Content') ?? 0) };
}

export async function readWithRemote(id: string): Promise<string> {
  return (await page_(id, true)).html;
}

export function forgetSeen(id: string): void {
  seen.delete(id);
}

// ---- opening and closing

/** A message that is opened is what keys are about from now on, and no selection that was made before. */
export function openMessage(row: Row): void {
  batch(() => {
    selectNone();
    open.value = row;
  });
}

/** Back to the message that contains it, or else to the list, where the keyboard goes to its row. */
export function closeMessage(): void {
  if (!open.value) return;
  batch(() => {
    open.value = open.value?.within;
    if (!open.value) focusRow.value = at.value;
  });
}

// ---- selection

export function toggle(id: string, on = !selected.value.has(id)): void {
  const next = new Set(selected.value);
  if (on) next.add(id);
  else next.delete(id);
  selected.value = next;
  allSelected.value = false;
}

export function unselect(ids: readonly string[]): void {
  if (!ids.some((id) => selected.value.has(id))) return;
  const next = new Set(selected.value);
  for (const id of ids) next.delete(id);
  selected.value = next;
}

export function selectNone(): void {
  selected.value = new Set();
  allSelected.value = false;
}

export function selectShown(): void {
  selected.value = new Set(list.value?.entries.slice(0, 1000).map((it) => it.id));
}
