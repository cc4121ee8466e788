// What is done to messages: at once on the screen, then at the mail server, and back where that refuses. What was moved can
// be moved back, by the ids that the answers name.
import { batch } from '@preact/signals';
import { api, ok, Refused, type Schema } from './api';
import {
  allSelected, ask, at, byId, byRole, forgetSeen, here, list, open, place, selectNone, selected, tell, tellProblem, unselect,
  version,
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

async function change(ids: readonly string[], what: Change): Promise<Schema['BatchItem'][]> {
  const results: Schema['BatchItem'][] = [];
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const body = { ids: ids.slice(i, i + AT_ONCE), ...what };
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    results.push(...(await ok(api.POST('/v1/messages/batch', { params: { header: headers }, body }))).results);
  }
  return results;
}

function failures(results: readonly Schema['BatchItem'][]): Schema['BatchItem'][] {
  return results.filter((it) => it.problem);
}

function idsOf(rows: readonly Row[]): string[] {
  return rows.flatMap((it) => it.messageIds);
}

/** Sets a keyword, or takes it away, where it is not so already. */
export async function mark(rows: readonly Row[], keyword: string, on: boolean, quiet = false): Promise<void> {
  if (allSelected.value) return matching({ keywords: { [keyword]: on || null } }, on ? 'mark' : 'unmark');
  const other = rows.filter((it) => Boolean(it.keywords[keyword]) !== on);
  if (other.length === 0) return;
  show(other, keyword, on);
  try {
    const failed = failures(await change(idsOf(other), { keywords: { [keyword]: on || null } }));
    if (failed.length > 0) throw new Refused(failed[0]!.status, failed[0]!.problem);
    if (!quiet) {
      tell({
        text: `${what(other)} ${SAID[keyword]?.[on ? 0 : 1] ?? 'changed'}.`,
        undo: () => mark(other.map((it) => ({ ...it, keywords: { ...it.keywords, [keyword]: on } })), keyword, !on, true),
      });
    }
  } catch (error) {
    show(other, keyword, !on);
    tellProblem(error);
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
  const trash = byRole.value.get('trash');
  const forGood = !trash || (rows.length > 0 && rows.every((it) => it.mailboxId === trash.id));
  if (allSelected.value) return matching({ delete: forGood ? 'permanent' : 'trash' }, forGood ? 'delete for good' : 'delete');
  if (rows.length === 0) return;
  if (forGood && !(await ask(`Delete ${what(rows, false)} for good? This cannot be undone.`, 'Delete'))) return;
  await away(rows, { delete: forGood ? 'permanent' : 'trash' }, 'deleted');
}

async function away(rows: readonly Row[], how: Change, said: string): Promise<void> {
  const window = list.value;
  if (!window || rows.length === 0) return;
  const next = neighbour(rows);
  batch(() => {
    window.remove(rows.map((it) => it.id));
    unselect(rows.map((it) => it.id));
    if (open.value && rows.some((it) => it.id === open.value!.id)) open.value = undefined;
    at.value = next;
    version.value++;
  });
  const back = () =>
    batch(() => {
      if (list.value === window) for (const row of rows) window.insert(row);
      version.value++;
    });
  try {
    const results = await change(idsOf(rows), how);
    const failed = failures(results);
    if (failed.length === results.length) throw new Refused(failed[0]!.status, failed[0]!.problem);
    for (const { id } of results) forgetSeen(id);
    const moved = results.filter((it) => it.newId !== undefined);
    tell({
      text: failed.length > 0 ? `${results.length - failed.length} ${said}, ${failed.length} could not be.` : `${what(rows)} ${said}.`,
      bad: failed.length > 0,
      ...(how.delete !== 'permanent' && moved.length > 0 && { undo: () => undo(rows, moved) }),
    });
  } catch (error) {
    back();
    tellProblem(error);
  }
}

/** Each back to where it was. The row comes by an event, with its new id. */
async function undo(rows: readonly Row[], moved: readonly Schema['BatchItem'][]): Promise<void> {
  const from = new Map(rows.flatMap((row) => row.messageIds.map((id) => [id, row.mailboxId])));
  const groups = new Map<string, Schema['BatchItem'][]>();
  for (const item of moved) {
    const mailboxId = from.get(item.id)!;
    groups.set(mailboxId, [...(groups.get(mailboxId) ?? []), item]);
  }
  try {
    for (const [mailboxId, items] of groups) await change(items.map((it) => it.newId!), { moveTo: mailboxId });
    tell({ text: 'Undone.' });
  } catch (error) {
    tellProblem(error);
  }
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

/** Everything in the mailbox: a dry run tells how many that are, and what will be refused, before it is done. */
async function matching(how: Change, verb: string): Promise<void> {
  const where = place.value;
  if (where?.kind !== 'mailbox') return;
  const body = { mailboxId: where.mailboxId, filter: {}, limit: MATCHED_AT_MOST, ...how };
  try {
    const trial = await ok(api.POST('/v1/messages/batch', { body: { ...body, dryRun: true } }));
    const refused = trial.failed > 0 ? ` ${trial.failed} of them cannot be changed.` : '';
    const question = `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${trial.succeeded.toLocaleString()} messages?${refused}`;
    if (!(await ask(question, 'Go on'))) return;
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const done = await ok(api.POST('/v1/messages/batch', { params: { header: headers }, body }));
    selectNone();
    const moved = done.results.filter((it) => it.newId !== undefined);
    const origin = where.mailboxId;
    tell({
      text: `${done.succeeded.toLocaleString()} messages changed${done.failed > 0 ? `, ${done.failed} could not be` : ''}.`,
      bad: done.failed > 0,
      ...(moved.length > 0 && { undo: () => undo(allFrom(moved, origin), moved) }),
    });
  } catch (error) {
    tellProblem(error);
  }
}

function allFrom(items: readonly Schema['BatchItem'][], mailboxId: string): Row[] {
  return items.map(({ id }) => ({
    id, mailboxId, order: 0, keywords: {}, from: [], to: [], hasAttachment: false, messageIds: [id], size: 1,
  }));
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
