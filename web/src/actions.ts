// What is done to messages: at once on the screen, then at the mail server, and back where that refuses. What was moved can
// be moved back, by the ids that the answers name.
import { batch } from '@preact/signals';
import { api, isOffline, ok, Refused, said, type Schema } from './api';
import {
  allSelected, ask, at, byId, byRole, forgetSeen, here, list, mailboxes, online, open, place, selectNone, selected, tell,
  tellProblem, unselect, version,
} from './mail';
import type { Row } from './window';

/** What one request takes. */
const AT_ONCE = 1000;
/** What a request with a filter changes at most. */
const MATCHED_AT_MOST = 10_000;

type Change = Pick<Schema['BatchRequest'], 'keywords' | 'moveTo' | 'delete'>;

/** The rows that a key or a button is about: those selected, or else the one that is open or where the keyboard is. */
export function targets(): Row[] {
  const window = list.value;
  if (!window) return [];
  if (selected.value.size > 0) return [...selected.value].map((id) => window.byId(id) ?? bare(id)).filter((it) => it !== undefined);
  if (open.value) return [open.value];
  const row = at.value === undefined ? undefined : window.byId(at.value);
  return row ? [row] : [];
}

/** A selected row that is not held any more is known by its id alone. */
function bare(id: string): Row | undefined {
  const where = place.value;
  if (where?.kind !== 'mailbox' || where.threads) return undefined;
  return { id, mailboxId: where.mailboxId, order: 0, keywords: {}, from: [], to: [], hasAttachment: false, messageIds: [id], size: 1 };
}

interface Done {
  results: Schema['BatchItem'][];
  /** Why it ended before everything was asked for. */
  error?: unknown;
}

async function change(ids: readonly string[], what: Change): Promise<Done> {
  const results: Schema['BatchItem'][] = [];
  for (let i = 0; i < ids.length; i += AT_ONCE) {
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

/** What is still to do: the rows with those of their messages to which it was not done, without those that are gone. */
function remaining(rows: readonly Row[], { results }: Done): Row[] {
  const over = new Set(results.filter((it) => !it.problem || it.status === 404 || it.status === 410).map((it) => it.id));
  return rows
    .map((row) => ({ ...row, messageIds: row.messageIds.filter((id) => !over.has(id)) }))
    .filter((row) => row.messageIds.length > 0)
    .map((row) => ({ ...row, size: row.messageIds.length }));
}

function reason({ results, error }: Done): unknown {
  const failed = results.find((it) => it.problem);
  return error ?? (failed && new Refused(failed.status, failed.problem));
}

/** Sets a keyword, or takes it away, where it is not so already. */
export async function mark(rows: readonly Row[], keyword: string, on: boolean, quiet = false): Promise<void> {
  if (allSelected.value) return matching({ keywords: { [keyword]: on || null } }, on ? 'mark' : 'unmark');
  const listed = rows.filter((it) => Boolean(it.keywords[keyword]) !== on);
  if (listed.length === 0) return;
  show(listed, keyword, on);
  let other;
  try {
    other = await completed(listed);
  } catch (error) {
    show(listed, keyword, !on);
    return tellProblem(error);
  }
  const done = await change(idsOf(other), { keywords: { [keyword]: on || null } });
  const left = new Set(remaining(other, done).map((it) => it.id));
  const marked = other.filter((it) => !left.has(it.id));
  show(other.filter((it) => left.has(it.id)), keyword, !on);
  const undo = () => mark(marked.map((it) => ({ ...it, keywords: { ...it.keywords, [keyword]: on } })), keyword, !on, true);
  if (left.size > 0) tellProblem(reason(done));
  else if (!quiet) {
    tell({
      text: `${what(other)} ${SAID[keyword]?.[on ? 0 : 1] ?? 'changed'}.`,
      // Some of a conversation may have been so before.
      ...(marked.every((it) => it.size === 1) && { undo }),
    });
  }
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

export async function moveTo(rows: readonly Row[], mailboxIdOrRole: string, name: string): Promise<void> {
  if (allSelected.value) return matching({ moveTo: mailboxIdOrRole }, `move to ${name}`);
  await away(rows, { moveTo: mailboxIdOrRole }, `moved to ${name}`);
}

/** To the trash, and from there for good. */
export async function remove(rows: readonly Row[]): Promise<void> {
  if (!mailboxes.value) return;
  const trash = byRole.value.get('trash');
  const forGood = !trash || (rows.length > 0 && rows.every((it) => it.mailboxId === trash.id));
  if (allSelected.value) return matching({ delete: forGood ? 'permanent' : 'trash' }, forGood ? 'delete for good' : 'delete');
  if (rows.length === 0) return;
  if (forGood && !(await ask(`Delete ${what(rows, false)} for good? This cannot be undone.`, 'Delete'))) return;
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
    if (list.value === window) for (const row of left) window.insert(row);
    version.value++;
  });
  const gone = done.results.filter((it) => !it.problem);
  for (const { id } of gone) forgetSeen(id);
  const moved = gone.filter((it) => it.newId !== undefined);
  const why = reason(done);
  if (gone.length === 0 && why !== undefined) return tellProblem(why);
  if (isOffline(why)) online.value = false;
  const others = idsOf(left).length;
  tell({
    text: others > 0 ? `${gone.length} ${did}, ${others} could not be: ${said(why)}` : `${what(rows)} ${did}.`,
    bad: others > 0,
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
  let back = 0;
  let why: unknown;
  for (const [mailboxId, ids] of groups) {
    const done = await change(ids, { moveTo: mailboxId });
    back += done.results.filter((it) => !it.problem).length;
    why ??= reason(done);
  }
  if (why === undefined) tell({ text: 'Undone.' });
  else if (back === 0) tellProblem(why);
  else tell({ text: `${back} of ${moved.length} are back: ${said(why)}`, bad: true });
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

/** Everything in the mailbox: a dry run tells which messages that are, and what will be refused, before it is done to these. */
async function matching(how: Change, verb: string): Promise<void> {
  const where = place.value;
  if (where?.kind !== 'mailbox') return;
  const { mailboxId } = where;
  const body = { mailboxId, filter: {}, limit: MATCHED_AT_MOST, dryRun: true, ...how };
  try {
    const trial = await ok(api.POST('/v1/messages/batch', { body }));
    const ids = trial.results.filter((it) => !it.problem).map((it) => it.id);
    const refused = trial.failed > 0 ? ` ${trial.failed} of them cannot be changed.` : '';
    const question = `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${ids.length.toLocaleString()} messages?${refused}`;
    if (!(await ask(question, 'Go on')) || ids.length === 0) return;
    const done = await change(ids, how);
    selectNone();
    const changed = done.results.filter((it) => !it.problem);
    const moved = changed.filter((it) => it.newId !== undefined);
    const why = reason(done);
    if (changed.length === 0 && why !== undefined) return tellProblem(why);
    const others = ids.length - changed.length;
    tell({
      text: `${changed.length.toLocaleString()} messages changed${others > 0 ? `, ${others} could not be: ${said(why)}` : '.'}`,
      bad: others > 0,
      ...(moved.length > 0 && { undo: () => undo(new Map(moved.map(({ id }) => [id, mailboxId])), moved) }),
    });
  } catch (error) {
    tellProblem(error);
  }
}

function what(rows: readonly Row[], capital = true): string {
  const many = idsOf(rows).length;
  return many === 1 ? (capital ? 'Message' : 'this message') : `${many} messages`;
}

export function archive(rows: readonly Row[]): void {
  const target = byRole.value.get('archive');
  if (!target) tell({ text: 'There is no mailbox for the archive.', bad: true });
  else if (here.value?.id !== target.id) void moveTo(rows, target.id, target.name);
}

export function junk(rows: readonly Row[]): void {
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
