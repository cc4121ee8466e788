// The scenario of README.md in this folder, with @hey-api/openapi-ts.
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { client } from './client/client.gen';
import {
  batchMessages, createMessageWithFiles, deleteMessage, downloadPart, getMessage, listMailboxes,
  listMessages, searchMessages, updateMessage,
} from './client/index';

function check(what: string, holds: unknown): asserts holds {
  if (!holds) throw new Error(`@hey-api/openapi-ts: ${what}: not what was expected`);
}

const path = process.argv[2]!;
client.setConfig({ baseUrl: process.env['POSTERN_URL']!, auth: scheme => scheme.scheme === 'basic' ? 'demo:demo' : undefined });

const mailboxes = await listMailboxes();
check('list', mailboxes.data?.items[0]?.role === 'inbox');

const page = async (cursor?: string) => (await listMessages({
  path: { mailboxId: 'inbox' }, query: { limit: 3, fields: ['id', 'subject'], cursor },
})).data!;
const first = await page();
const second = await page(first.nextCursor);
const ids = [...first.items, ...second.items].map(m => m.id);
check('page', new Set(ids).size === 6 && first.items[0]?.subject);
const at = { path: { messageId: ids[0]! } };

check('get', (await getMessage({ ...at, query: { include: ['text'] } })).data?.text?.content);

const flag = async (on: boolean) =>
  (await updateMessage({ ...at, body: { keywords: { $flagged: on } } })).data?.keywords ?? {};
check('flag', (await flag(true))['$flagged']);
check('unflag', !(await flag(false))['$flagged']);

const batch = await batchMessages({ body: { ids: ids.slice(0, 2), keywords: { $seen: true } } });
check('batch', batch.data?.succeeded === 2 && batch.data.results[0]?.keywords?.['$seen']);

const found = await searchMessages({
  body: { filter: { hasAttachment: true, subject: 'invoice' }, limit: 5 },
});
check('search', found.data?.items.length && found.data.items.every(m => m.hasAttachment));

const octets = await readFile(path);
const name = basename(path);
const draft = await createMessageWithFiles({
  path: { mailboxId: 'drafts' },
  body: {
    files: [new File([octets], name)],
    message: {
      to: [{ email: 'ada@example.org' }], subject: 'Numbers', text: 'Hi', attachments: [{ part: name }],
    },
  },
});
const messageId = draft.data!.id!;
const stored = (await getMessage({ path: { messageId } })).data!;
check('compose', stored.subject === 'Numbers' && stored.attachments[0]?.name === name);

const file = await downloadPart({
  path: { messageId, partId: stored.attachments[0].partId }, parseAs: 'blob',
});
await writeFile('download', Buffer.from(await (file.data as Blob).arrayBuffer()));
check('download', octets.equals(await readFile('download')));

await deleteMessage({ path: { messageId }, query: { permanent: true } });
const gone = (await getMessage({ path: { messageId } })).error;
check('404', gone?.status === 404 && gone.code === 'message-not-found');
const refused = (await searchMessages({ body: { filter: { gmailRaw: 'has:drive' } } })).error;
check('422', refused?.status === 422 && refused.code === 'not-possible');
