// The scenario of README.md in this folder, with openapi-typescript and openapi-fetch.
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import createClient from 'openapi-fetch';
import type { components, paths } from './client/postern';

function check(what: string, holds: unknown): asserts holds {
  if (!holds) throw new Error(`openapi-fetch: ${what}: not what was expected`);
}

const path = process.argv[2]!;
const client = createClient<paths>({
  baseUrl: process.env['POSTERN_URL']!,
  headers: { Authorization: `Basic ${btoa('demo:demo')}` },
  querySerializer: { array: { style: 'form', explode: false } },
});

const mailboxes = await client.GET('/v1/mailboxes');
check('list', mailboxes.data?.items[0]?.role === 'inbox');

const page = async (cursor?: string) => (await client.GET('/v1/mailboxes/{mailboxId}/messages', {
  params: { path: { mailboxId: 'inbox' }, query: { limit: 3, fields: ['id', 'subject'], cursor } },
})).data!;
const first = await page();
const second = await page(first.nextCursor);
const ids = [...first.items, ...second.items].map(m => m.id);
check('page', new Set(ids).size === 6 && first.items[0]?.subject);
const at = { path: { messageId: ids[0]! } };

const read = await client.GET('/v1/messages/{messageId}', { params: { ...at, query: { include: ['text'] } } });
check('get', read.data?.text?.content);

const flag = async (on: boolean) => (await client.PATCH('/v1/messages/{messageId}', {
  params: at,
  body: { keywords: { $flagged: on } },
  headers: { 'Content-Type': 'application/merge-patch+json' },
})).data?.keywords ?? {};
check('flag', (await flag(true))['$flagged']);
check('unflag', !(await flag(false))['$flagged']);

const batch = await client.POST('/v1/messages/batch', {
  body: { ids: ids.slice(0, 2), keywords: { $seen: true } },
});
check('batch', batch.data?.succeeded === 2 && batch.data.results[0]?.keywords?.['$seen']);

const found = await client.POST('/v1/search', {
  body: { filter: { hasAttachment: true, subject: 'invoice' }, limit: 5 },
});
check('search', found.data?.items.length && found.data.items.every(m => m.hasAttachment));

const octets = await readFile(path);
const name = basename(path);
const message: components['schemas']['MessageRequest'] = {
  to: [{ email: 'ada@example.org' }], subject: 'Numbers', text: 'Hi', attachments: [{ part: name }],
};
const draft = await client.POST('/v1/mailboxes/{mailboxId}/messages/with-files', {
  params: { path: { mailboxId: 'drafts' } },
  body: { message },
  bodySerializer: body => {
    const form = new FormData();
    form.append('message', new Blob([JSON.stringify(body.message)], { type: 'application/json' }));
    form.append('files', new File([octets], name));
    return form;
  },
});
const messageId = draft.data!.id!;
const stored = (await client.GET('/v1/messages/{messageId}', { params: { path: { messageId } } })).data!;
check('compose', stored.subject === 'Numbers' && stored.attachments[0]?.name === name);

const file = await client.GET('/v1/messages/{messageId}/parts/{partId}', {
  params: { path: { messageId, partId: stored.attachments[0].partId } },
  parseAs: 'arrayBuffer',
});
await writeFile('download', Buffer.from(file.data!));
check('download', octets.equals(await readFile('download')));

await client.DELETE('/v1/messages/{messageId}', { params: { path: { messageId }, query: { permanent: true } } });
const gone = (await client.GET('/v1/messages/{messageId}', { params: { path: { messageId } } })).error;
check('404', gone?.status === 404 && gone.code === 'message-not-found');
const refused = (await client.POST('/v1/search', { body: { filter: { gmailRaw: 'has:drive' } } })).error;
check('422', refused?.status === 422 && refused.code === 'not-possible');
