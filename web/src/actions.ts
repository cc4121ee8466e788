// What is done to messages: at once on the screen, then at the mail server, and back where that refuses. What was moved can
// be moved back, by the ids that the answers name.
import { batch } from '@preact/signals';
import { api, isOffline, ok, Refused, said, type Schema } from './api';
import {
  allSelected, ask, at, byId, byRole, filterOf, forgetSeen, here, list, mailboxes, online, open, place, selectNone, selected, tell,
  tellProblem, unselect, version,
} from './mail';
import type { Row } from './window';

/** What one request takes. */
const AT_ONCE = 1000;
/** What a dry run names at most, and with that what can be undone. */
const MATCHED_AT_MOST = 10_000;
/** What one list of ids, and one request for rows, have at most. */
const LISTED_AT_ONCE = 10_000;
const READ_AT_ONCE = 500;

type Change = Pick<Schema['BatchRequest'], 'keywords' | 'moveTo' | 'delete'>;

/** Rows, or everything in the mailbox or of the results of a search in it, for which only the bar of a selection and its keys ask. */
export type Targets = readonly Row[] | 'all';

/**
 * What a key is about. A selection is shown by a bar of its own, and opening a message ends it: while there is one, it was made
 * last and is meant. Else it is the message that is open, or the row where the keyboard is.
 */
export function targets(): Targets {
  if (selected.value.size > 0) return chosen();
  if (open.value) return changeable(open.value) ? [open.value] : [];
  const row = at.value === undefined ? undefined : list.value?.byId(at.value);
  return row ? [row] : [];
}

/** What is selected: what the bar of the selection is about. */
export function chosen(): Targets {
  const window = list.value;
  if (!window) return [];
  if (allSelected.value) return 'all';
  const ids = [...selected.value];
  if (ids.every((id) => window.byId(id))) return ids.map((id) => window.byId(id)!);
  const orders = new Map(window.entries.map((it) => [it.id, it.order]));
  return ids.map((id) => window.byId(id) ?? bare(id, orders.get(id))).filter((it) => it !== undefined);
}

/** What is in another message, or is gone, can only be read. */
export function changeable(row: Row): boolean {
  return !row.within && !row.gone;
}

/** A selected row that is not held any more is known by its id and its place alone. */
function bare(id: string, order = 0): Row | undefined {
  const where = place.value;
  if (where?.kind !== 'mailbox' || where.threads) return undefined;
  return {
    id, mailboxId: where.mailboxId, order, keywords: {}, from: [], to: [], hasAttachment: false, messageIds: [id], size: 1, bare: true,
  };
}

interface Done {
  results: Schema['BatchItem'][];
  /** Why it ended before everything was asked for. */
  error?: unknown;
}

async function change(ids: readonly string[], what: Change): Promise<Done> {
  const results: Schema['BatchItem'][] = [];
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    if (i > 0) tell({ text: `${i.toLocaleString()} of ${messages(ids.length)} …` });
    const body = { ids: ids.slice(i, i + AT_ONCE), ...what };
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    try {
      results.push(...(await ok(api.POST('/v1/messages/batch', { params: { header: headers }, body }))).results);
    } catch (error) {
      return { results, error };
    }
  }
  return { results };
}

function idsOf(rows: readonly Row[]): string[] {
  return rows.flatMap((it) => it.messageIds);
}

/** A list has not each message of a long conversation: it is read, and what is elsewhere is left alone. */
function completed(rows: readonly Row[]): Promise<Row[]> {
  return Promise.all(
    rows.map(async (row) => {
      if (row.size <= row.messageIds.length) return row;
      const thread = await ok(api.GET('/v1/threads/{threadId}', { params: { path: { threadId: row.id } } }));
      const messageIds = thread.messages.map((it) => it.message).filter((it) => it.mailboxId === row.mailboxId).map((it) => it.id);
      if (messageIds.length < row.size) throw new Error('This conversation is not listed whole: switch conversations off to change it.');
      return { ...row, messageIds };
    }),
  );
}

/** Some of a conversation, or of what is not held, may be so already: they are left out, so that undo leaves them alone, too. */
async function differing(rows: readonly Row[], keyword: string, on: boolean): Promise<Row[]> {
  const unknown = idsOf(rows.filter((it) => it.bare || it.messageIds.length > 1));
  const already = new Set<string>();
  for (let i = 0; i < unknown.length; i += READ_AT_ONCE) {
    const body = { ids: unknown.slice(i, i + READ_AT_ONCE), fields: ['id' as const, 'keywords' as const] };
    const { items } = await ok(api.POST('/v1/messages/get', { body }));
    for (const it of items) if (Boolean(it.keywords?.[keyword]) === on) already.add(it.id);
  }
  return rows
    .map((it) => ({ ...it, messageIds: it.messageIds.filter((id) => !already.has(id)) }))
    .filter((it) => it.messageIds.length > 0)
    .map((it) => ({ ...it, size: it.messageIds.length }));
}

/** What is still to do: the rows with those of their messages to which it was not done, without those that are gone. */
function remaining(rows: readonly Row[], { results }: Done): Row[] {
  const over = new Set(results.filter((it) => !it.problem || isGone(it)).map((it) => it.id));
  return rows
    .map((row) => ({ ...row, messageIds: row.messageIds.filter((id) => !over.has(id)) }))
    .filter((row) => row.messageIds.length > 0)
    .map((row) => ({ ...row, size: row.messageIds.length }));
}

/** Others removed it before. */
function isGone(it: Schema['BatchItem']): boolean {
  return it.status === 404 || it.status === 410;
}

function reason({ results, error }: Done): unknown {
  const failed = results.find((it) => it.problem && !isGone(it)) ?? results.find((it) => it.problem);
  return error ?? (failed && new Refused(failed.status, failed.problem));
}

/** What was done, to how many of all that was asked for, and what became of the others. */
function outcome(asked: number, done: Done, did: string): { text: string; bad: boolean } {
  const changed = done.results.filter((it) => !it.problem).length;
  const gone = done.results.filter(isGone).length;
  const others = asked - changed - gone;
  const parts = [
    changed > 0 && `${asked === 1 ? 'Message' : messages(changed)} ${did}`,
    gone > 0 && (asked === 1 ? 'The message was gone' : `${gone.toLocaleString()} ${gone === 1 ? 'was' : 'were'} gone`),
    others > 0 && `${others.toLocaleString()} could not be: ${said(reason(done)).replace(/\.$/, '')}`,
  ];
  return { text: `${parts.filter(Boolean).join(', ')}.`, bad: others > 0 };
}

/** Sets a keyword, or takes it away, where it is not so already as far as it is known. */
export async function mark(rows: Targets, keyword: string, on: boolean, quiet = false): Promise<void> {
  const did = SAID[keyword]?.[on ? 0 : 1] ?? 'changed';
  if (rows === 'all') return matching({ keywords: { [keyword]: on || null } }, (many) => asking(keyword, on, many), did);
  const listed = rows.filter((it) => it.bare || Boolean(it.keywords[keyword]) !== on);
  if (listed.length === 0) return;
  show(listed, keyword, on);
  let other;
  try {
    other = await completed(listed);
    // What is done silently needs no undo.
    if (!quiet) other = await differing(other, keyword, on);
  } catch (error) {
    show(listed, keyword, !on);
    return tellProblem(error);
  }
  const done = await change(idsOf(other), { keywords: { [keyword]: on || null } });
  const left = new Set(remaining(other, done).map((it) => it.id));
  const changed = new Set(done.results.filter((it) => !it.problem).map((it) => it.id));
  const marked = other.filter((it) => !left.has(it.id) && it.messageIds.some((id) => changed.has(id)));
  show(other.filter((it) => left.has(it.id)), keyword, !on);
  const undo = () => mark(marked.map((it) => ({ ...it, keywords: { ...it.keywords, [keyword]: on } })), keyword, !on, true);
  if (changed.size === 0 && left.size > 0) tellProblem(reason(done));
  else if (left.size > 0 || !quiet) {
    if (isOffline(done.error)) online.value = false;
    tell({
      ...outcome(idsOf(other).length, done, did),
      ...(marked.length > 0 && !quiet && { undo }),
    });
  }
}

function asking(keyword: string, on: boolean, many: string): string {
  if (keyword === '$flagged') return on ? `Flag ${many}?` : `Take the flag from ${many}?`;
  return `Mark ${many} as ${on ? 'read' : 'unread'}?`;
}

const SAID: Record<string, [string, string]> = {
  $seen: ['marked as read', 'marked as unread'],
  $flagged: ['flagged', 'not flagged any more'],
};

function show(rows: readonly Row[], keyword: string, on: boolean): void {
  batch(() => {
    for (const row of rows) {
      const known = list.value?.byId(row.id);
      const keywords = { ...(known ?? row).keywords, [keyword]: on };
      if (!on) delete keywords[keyword];
      list.value?.mark(row.id, keywords);
      if (open.value?.id === row.id) open.value = { ...open.value, keywords };
    }
    version.value++;
  });
}

export async function moveTo(rows: Targets, mailboxIdOrRole: string, name: string): Promise<void> {
  const did = `moved to ${name}`;
  if (rows === 'all') return matching({ moveTo: mailboxIdOrRole }, (many) => `Move ${many} to ${name}?`, did);
  await away(rows, { moveTo: mailboxIdOrRole }, did);
}

/** To the trash, and from there for good. */
export async function remove(rows: Targets): Promise<void> {
  if (!mailboxes.value) return;
  const trash = byRole.value.get('trash');
  if (rows === 'all') {
    const forGood = !trash || here.value?.id === trash.id;
    const question = (many: string) => `Delete ${many}${forGood ? ' for good? This cannot be undone.' : '?'}`;
    return matching({ delete: forGood ? 'permanent' : 'trash' }, question, 'deleted');
  }
  if (rows.length === 0) return;
  const forGood = !trash || rows.every((it) => it.mailboxId === trash.id);
  const many = idsOf(rows).length;
  if (forGood && !(await ask(`Delete ${many === 1 ? 'this message' : messages(many)} for good? This cannot be undone.`, 'Delete'))) return;
  await away(rows, { delete: forGood ? 'permanent' : 'trash' }, 'deleted');
}

async function away(listed: readonly Row[], how: Change, did: string): Promise<void> {
  const window = list.value;
  if (!window || listed.length === 0) return;
  let rows: readonly Row[] = listed;
  if (listed.some((it) => it.size > it.messageIds.length)) {
    try {
      rows = await completed(listed);
    } catch (error) {
      return tellProblem(error);
    }
    if (list.value !== window) return;
  }
  const next = neighbour(rows);
  const stood = new Set(rows.map((it) => it.id).filter((id) => window.has(id)));
  batch(() => {
    window.remove(rows.map((it) => it.id));
    unselect(rows.map((it) => it.id));
    if (open.value && rows.some((it) => it.id === open.value!.id)) open.value = undefined;
    at.value = next;
    version.value++;
  });
  const origins = new Map(rows.flatMap((row) => row.messageIds.map((id) => [id, row.mailboxId])));
  const done = await change(idsOf(rows), how);
  const left = remaining(rows, done);
  batch(() => {
    if (list.value === window) for (const row of left) if (stood.has(row.id)) window.insert(row);
    version.value++;
  });
  const changed = done.results.filter((it) => !it.problem);
  for (const { id } of changed) forgetSeen(id);
  const moved = changed.filter((it) => it.newId !== undefined);
  const why = reason(done);
  if (changed.length === 0 && left.length > 0) return tellProblem(why);
  if (isOffline(why)) online.value = false;
  tell({
    ...outcome(idsOf(rows).length, done, did),
    ...(how.delete !== 'permanent' && moved.length > 0 && { undo: () => undo(origins, moved) }),
  });
}

/** Each back to where it was. The row comes by an event, with its new id. */
async function undo(origins: ReadonlyMap<string, string>, moved: readonly Schema['BatchItem'][]): Promise<void> {
  const groups = new Map<string, string[]>();
  for (const item of moved) {
    const mailboxId = origins.get(item.id)!;
    groups.set(mailboxId, [...(groups.get(mailboxId) ?? []), item.newId!]);
  }
  await changeBack([...groups].map(([mailboxId, ids]) => [ids, { moveTo: mailboxId }]));
}

async function changeBack(changes: readonly (readonly [ids: readonly string[], how: Change])[]): Promise<void> {
  let back = 0;
  let all = 0;
  let why: unknown;
  for (const [ids, how] of changes) {
    const done = await change(ids, how);
    all += ids.length;
    back += done.results.filter((it) => !it.problem).length;
    why ??= reason(done);
  }
  if (why === undefined) tell({ text: 'Undone.' });
  else if (back === 0) tellProblem(why);
  else tell({ text: `${back.toLocaleString()} of ${all.toLocaleString()} are back: ${said(why)}`, bad: true });
}

/** The row that the keyboard goes to when these are gone. */
function neighbour(rows: readonly Row[]): string | undefined {
  const window = list.value!;
  const gone = new Set(rows.map((it) => it.id));
  const first = Math.min(...rows.map((it) => window.indexOf(it.id)).filter((it) => it >= 0));
  if (!Number.isFinite(first)) return undefined;
  for (let i = first; i < window.entries.length; i++) if (!gone.has(window.entries[i]!.id)) return window.entries[i]!.id;
  for (let i = first - 1; i >= 0; i--) if (!gone.has(window.entries[i]!.id)) return window.entries[i]!.id;
  return undefined;
}

/**
 * Everything in the mailbox, or of a search in it: a dry run tells which messages would change, and what will be refused, before
 * it is done to these. Undo gives back those that it was done to. What came meanwhile was not asked about, and stays.
 */
async function matching(how: Change, question: (many: string) => string, did: string): Promise<void> {
  const where = place.value;
  if (where?.mailboxId === undefined) return;
  const { mailboxId } = where;
  const conditions = [...(where.kind === 'search' ? [filterOf(where)] : []), ...notSoYet(how)];
  const filter = conditions.length > 1 ? { and: conditions } : (conditions[0] ?? {});
  try {
    const trial = await ok(api.POST('/v1/messages/batch', { body: { mailboxId, filter, limit: MATCHED_AT_MOST, dryRun: true, ...how } }));
    let ids = trial.results.filter((it) => !it.problem).map((it) => it.id);
    const more = trial.results.length === MATCHED_AT_MOST && trial.matched !== trial.results.length;
    const all = more && where.kind === 'mailbox';
    if (all) ids = await everythingIn(mailboxId);
    if (trial.results.length === 0) {
      tell({ text: how.keywords ? 'All of them are so already.' : 'There is nothing there any more.' });
      return selectNone();
    }
    const undoable = !all && how.delete !== 'permanent';
    const asked = [
      question(more && !all ? `the newest ${messages(ids.length)}` : messages(ids.length)),
      trial.failed > 0 && `${trial.failed.toLocaleString()} of them cannot be changed.`,
      all && how.delete !== 'permanent' && 'They are too many for undo.',
    ];
    if (!(await ask(asked.filter(Boolean).join(' '), 'Go on')) || ids.length === 0) return;
    const done = await change(ids, how);
    selectNone();
    const changed = done.results.filter((it) => !it.problem);
    const why = reason(done);
    if (changed.length === 0 && why !== undefined && !done.results.every(isGone)) return tellProblem(why);
    if (isOffline(why)) online.value = false;
    const back = undoable ? undoing(changed, how, mailboxId) : undefined;
    tell({ ...outcome(ids.length, done, did), ...(back && { undo: back }) });
  } catch (error) {
    tellProblem(error);
  }
}

/** What has the keywords already is not changed, and undo leaves it alone. */
function notSoYet({ keywords }: Change): Schema['SearchFilter'][] {
  return Object.entries(keywords ?? {}).map(([name, on]) => (on ? { notKeyword: name } : { hasKeyword: name }));
}

function undoing(changed: readonly Schema['BatchItem'][], { keywords }: Change, mailboxId: string): (() => Promise<void>) | undefined {
  if (keywords) {
    const before = Object.fromEntries(Object.entries(keywords).map(([name, on]) => [name, on ? null : true]));
    return changed.length > 0 ? () => changeBack([[changed.map((it) => it.id), { keywords: before }]]) : undefined;
  }
  const moved = changed.filter((it) => it.newId !== undefined);
  return moved.length > 0 ? () => undo(new Map(moved.map(({ id }) => [id, mailboxId])), moved) : undefined;
}

async function everythingIn(mailboxId: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { fields: ['id' as const], limit: LISTED_AT_ONCE, ...(cursor && { cursor }) };
    const page = await ok(api.GET('/v1/mailboxes/{mailboxId}/messages', { params: { path: { mailboxId }, query } }));
    ids.push(...page.items.map((it) => it.id));
    cursor = page.nextCursor;
  } while (cursor);
  return ids;
}

function messages(many: number): string {
  return many === 1 ? '1 message' : `${many.toLocaleString()} messages`;
}

export function archive(rows: Targets): void {
  const target = byRole.value.get('archive');
  if (!target) tell({ text: 'There is no mailbox for the archive.', bad: true });
  else if (here.value?.id !== target.id) void moveTo(rows, target.id, target.name);
}

export function junk(rows: Targets): void {
  const inJunk = here.value?.role === 'junk';
  const target = byRole.value.get(inJunk ? 'inbox' : 'junk');
  if (target) void moveTo(rows, target.id, inJunk ? 'Inbox' : target.name);
}

export function nameOf(mailboxId: string): string {
  const mailbox = byId.value.get(mailboxId);
  return mailbox ? labelOf(mailbox) : '';
}

export function labelOf(mailbox: Schema['Mailbox']): string {
  return mailbox.role === 'inbox' ? 'Inbox' : mailbox.name;
}
