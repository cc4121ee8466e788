// Where rows come from: a mailbox, its conversations, or a search.
import { api, ok, type Schema } from './api';
import type { Row, Source } from './window';

/** A first page that fills a screen, and those that follow it. */
const FIRST = 50;
const NEXT = 200;
/** The most ids that one answer has. */
const IDS = 10_000;

const FIELDS: Schema['MessageField'][] = [
  'id', 'mailboxId', 'keywords', 'receivedAt', 'subject', 'from', 'to', 'hasAttachment', 'preview',
];

export function rowOf(message: Schema['MessageSummary']): Row {
  return {
    id: message.id,
    mailboxId: message.mailboxId,
    order: message.order,
    keywords: message.keywords ?? {},
    from: message.from ?? [],
    to: message.to ?? [],
    hasAttachment: message.hasAttachment ?? false,
    messageIds: [message.id],
    size: 1,
    ...(message.subject !== undefined && { subject: message.subject }),
    ...(message.receivedAt !== undefined && { receivedAt: message.receivedAt }),
    ...(message.preview !== undefined && { preview: message.preview }),
    ...(message.matchedIn && { matchedIn: message.matchedIn }),
  };
}

function rowOfThread(thread: Schema['ThreadSummary'], mailboxId: string, order: number): Row {
  return {
    id: thread.id,
    mailboxId,
    order,
    keywords: thread.keywords,
    from: thread.participants,
    to: [],
    hasAttachment: thread.hasAttachment,
    messageIds: thread.messageIds,
    size: thread.totalMessages,
    ...(thread.subject !== undefined && { subject: thread.subject }),
    ...(thread.receivedAt !== undefined && { receivedAt: thread.receivedAt }),
    ...(thread.preview !== undefined && { preview: thread.preview }),
  };
}

async function byIds(ids: string[]): Promise<Row[]> {
  const found = await ok(api.POST('/v1/messages/get', { body: { ids, fields: FIELDS } }));
  return found.items.map(rowOf);
}

export function mailboxSource(mailboxId: string, total: () => number): Source {
  const path = { mailboxId };
  return {
    async page(cursor) {
      const query = { fields: FIELDS, limit: cursor ? NEXT : FIRST, withState: !cursor, ...(cursor && { cursor }) };
      const page = await ok(api.GET('/v1/mailboxes/{mailboxId}/messages', { params: { path, query } }));
      return { rows: page.items.map(rowOf), cursor: page.nextCursor, state: page.state, total: total() };
    },
    async entries(cursor) {
      const query = { fields: ['id' as const], limit: IDS, cursor };
      const page = await ok(api.GET('/v1/mailboxes/{mailboxId}/messages', { params: { path, query } }));
      return { entries: page.items, cursor: page.nextCursor };
    },
    rows: byIds,
  };
}

/**
 * Of each conversation what is in this mailbox: what is done to a row shall not reach what the user sent. Conversations have
 * no number: the order is that of the answers.
 */
export function threadSource(mailboxId: string): Source {
  let order = Number.MAX_SAFE_INTEGER;
  return {
    async page(cursor) {
      const query = { limit: FIRST, scope: 'mailbox' as const, ...(cursor && { cursor }) };
      const page = await ok(api.GET('/v1/mailboxes/{mailboxId}/threads', { params: { path: { mailboxId }, query } }));
      return { rows: page.items.map((it) => rowOfThread(it, mailboxId, order--)), cursor: page.nextCursor };
    },
  };
}

/** The newest first: the order is that of their dates, so that what comes later finds its place among them. */
export function searchSource(filter: Schema['SearchFilter'], mailboxIds: string[] | undefined): Source {
  const read = async (limit: number, cursor?: string) => {
    const body: Schema['SearchRequest'] = {
      filter,
      fields: FIELDS,
      limit,
      ...(mailboxIds && { mailboxIds }),
      ...(cursor && { cursor }),
    };
    const page = await ok(api.POST('/v1/search', { body }));
    const rows = page.items.map((it) => ({ ...rowOf(it), order: Date.parse(it.receivedAt ?? '') || 0 }));
    return { rows, cursor: page.nextCursor, total: page.total };
  };
  return { page: (cursor) => read(cursor ? NEXT : FIRST, cursor), again: read };
}
