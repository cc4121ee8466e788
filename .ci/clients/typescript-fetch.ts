// The scenario of README.md in this folder, with the typescript-fetch client.
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  AttachmentsApi, ComposeApi, Configuration, Include, MailboxesApi, MessageField, MessagesApi,
  type Problem, ProblemFromJSON, ResponseError, SearchApi,
} from './client/index';

function check(what: string, holds: unknown): asserts holds {
  if (!holds) throw new Error(`typescript-fetch: ${what}: not what was expected`);
}

async function problem(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(() => undefined, (e: unknown) => e);
  check('a problem', error instanceof ResponseError);
  return ProblemFromJSON(await error.response.json());
}

const path = process.argv[2]!;
const config = new Configuration({
  basePath: process.env['POSTERN_URL']!, username: 'demo', password: 'demo',
});
const messages = new MessagesApi(config);
const search = new SearchApi(config);

const mailboxes = (await new MailboxesApi(config).listMailboxes()).items;
check('list', mailboxes[0]?.role === 'inbox');

const list = { mailboxId: 'inbox', limit: 3, fields: [MessageField.FieldId, MessageField.FieldSubject] };
const first = await messages.listMessages(list);
const second = await messages.listMessages({ ...list, cursor: first.nextCursor });
const ids = [...first.items, ...second.items].map(m => m.id);
check('page', new Set(ids).size === 6 && first.items[0]?.subject);
const messageId = ids[0]!;

const message = await messages.getMessage({ messageId, include: [Include.IncludeText] });
check('get', message.text?.content);

const flag = (on: boolean) =>
  messages.updateMessage({ messageId, messagePatch: { keywords: { $flagged: on } } });
check('flag', (await flag(true)).keywords?.['$flagged']);
check('unflag', !(await flag(false)).keywords?.['$flagged']);

const batch = await messages.batchMessages({
  batchRequest: { ids: ids.slice(0, 2), keywords: { $seen: true } },
});
check('batch', batch.succeeded === 2 && batch.results[0]?.keywords?.['$seen']);

const found = await search.searchMessages({
  searchRequest: { filter: { hasAttachment: true, subject: 'invoice' }, limit: 5 },
});
check('search', found.items.length > 0 && found.items.every(m => m.hasAttachment));

const octets = await readFile(path);
const name = basename(path);
const draft = await new ComposeApi(config).createMessageWithFiles({
  mailboxId: 'drafts',
  files: [new File([octets], name)],
  message: {
    to: [{ email: 'ada@example.org' }], subject: 'Numbers', text: 'Hi', attachments: [{ part: name }],
  },
});
const stored = await messages.getMessage({ messageId: draft.id! });
check('compose', stored.subject === 'Numbers' && stored.attachments[0]?.name === name);

const blob = await new AttachmentsApi(config).downloadPart({
  messageId: stored.id, partId: stored.attachments[0].partId,
});
await writeFile('download', Buffer.from(await blob.arrayBuffer()));
check('download', octets.equals(await readFile('download')));

await messages.deleteMessage({ messageId: stored.id, permanent: true });
const gone = await problem(messages.getMessage({ messageId: stored.id }));
check('404', gone.status === 404 && gone.code === 'message-not-found');
const refused = await problem(
  search.searchMessages({ searchRequest: { filter: { gmailRaw: 'has:drive' } } }));
check('422', refused.status === 422 && refused.code === 'not-possible');
