// The scenario of README.md in this folder, with the typescript-axios client.
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isAxiosError } from 'axios';
import {
  AttachmentsApi, ComposeApi, Configuration, Include, MailboxesApi, MessageField, MessagesApi,
  type Problem, SearchApi,
} from './client/index';

function check(what: string, holds: unknown): asserts holds {
  if (!holds) throw new Error(`typescript-axios: ${what}: not what was expected`);
}

async function problem(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(() => undefined, (e: unknown) => e);
  check('a problem', isAxiosError<Problem>(error) && error.response);
  return error.response.data;
}

const path = process.argv[2]!;
const config = new Configuration({
  basePath: process.env['POSTERN_URL']!, username: 'demo', password: 'demo',
});
const messages = new MessagesApi(config);
const search = new SearchApi(config);

const mailboxes = (await new MailboxesApi(config).listMailboxes()).data.items;
check('list', mailboxes[0]?.role === 'inbox');

const fields = [MessageField.FieldId, MessageField.FieldSubject];
const first = (await messages.listMessages('inbox', 3, undefined, fields)).data;
const second = (await messages.listMessages('inbox', 3, first.nextCursor, fields)).data;
const ids = [...first.items, ...second.items].map(m => m.id);
check('page', new Set(ids).size === 6 && first.items[0]?.subject);
const id = ids[0]!;

check('get', (await messages.getMessage(id, [Include.IncludeText])).data.text?.content);

const flag = async (on: boolean) =>
  (await messages.updateMessage(id, { keywords: { $flagged: on } })).data.keywords ?? {};
check('flag', (await flag(true))['$flagged']);
check('unflag', !(await flag(false))['$flagged']);

const batch = (await messages.batchMessages({ ids: ids.slice(0, 2), keywords: { $seen: true } })).data;
check('batch', batch.succeeded === 2 && batch.results[0]?.keywords?.['$seen']);

const filter = { hasAttachment: true, subject: 'invoice' };
const found = (await search.searchMessages({ filter, limit: 5 })).data;
check('search', found.items.length > 0 && found.items.every(m => m.hasAttachment));

const octets = await readFile(path);
const name = basename(path);
const draft = (await new ComposeApi(config).createMessageWithFiles(
  'drafts', undefined, [new File([octets], name)],
  { to: [{ email: 'ada@example.org' }], subject: 'Numbers', text: 'Hi', attachments: [{ part: name }] },
)).data;
const stored = (await messages.getMessage(draft.id!)).data;
check('compose', stored.subject === 'Numbers' && stored.attachments[0]?.name === name);

const file = await new AttachmentsApi(config).downloadPart(
  stored.id, stored.attachments[0].partId, undefined, undefined, undefined, undefined,
  { responseType: 'arraybuffer' });
await writeFile('download', Buffer.from(file.data as unknown as ArrayBuffer));
check('download', octets.equals(await readFile('download')));

await messages.deleteMessage(stored.id, undefined, true);
const gone = await problem(messages.getMessage(stored.id));
check('404', gone.status === 404 && gone.code === 'message-not-found');
const refused = await problem(search.searchMessages({ filter: { gmailRaw: 'has:drive' } }));
check('422', refused.status === 422 && refused.code === 'not-possible');
