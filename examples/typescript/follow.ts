// Keeps a list of the inbox: reads it once, and asks what changed whenever an event says that something did. It ends when
// a message with the subject on the command line has come. ../mailbox-copy.ts applies the events themselves.
import { Problem } from "./client.ts";
import { client, logIn } from "./settings.ts";

const rows = new Map<string, any>();
let state: string | undefined; // what the list is like: stored beside it

async function list(): Promise<void> {
  rows.clear();
  let page: any = {};
  do {
    const cursor = page.nextCursor && { cursor: page.nextCursor };
    const query = new URLSearchParams({ withState: "true", limit: "500", ...cursor });
    page = await client.call("GET", `/mailboxes/inbox/messages?${query}`);
    for (const row of page.items) rows.set(row.id, row);
  } while (page.nextCursor);
  state = page.state;
  console.log(`listed: ${rows.size} messages`);
}

async function sync(): Promise<void> {
  const pages: any[] = []; // applied together, when the last one has come
  do {
    const cursor = pages.at(-1)?.nextCursor;
    pages.push(await client.call("POST", "/mailboxes/inbox/changes", { since: state, cursor }));
  } while (pages.at(-1).nextCursor);
  for (const { added = [], updated = [], removed = [], state: now } of pages) {
    for (const row of added) rows.set(row.id, row), console.log(`new: ${row.subject}`);
    for (const { id, keywords } of updated) if (rows.has(id)) rows.get(id).keywords = keywords;
    for (const id of removed) rows.delete(id);
    state = now ?? state;
  }
}

/** Until something has changed, the stream ends, or nothing has come for a minute: a comment comes every 15 seconds. */
async function listen(): Promise<void> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), 60_000);
  try {
    const query = new URLSearchParams({ mailboxId: "inbox", since: state! }); // so that nothing is missed
    const { body } = await client.fetch(`/events?${query}`, { signal: silent.signal });
    let text = "";
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      timer.refresh();
      const lines = (text + chunk).split("\n");
      text = lines.pop()!;
      if (lines.some((line) => /^event: ?(message\.|resync)/.test(line))) return;
    }
  } finally {
    clearTimeout(timer);
  }
}

const found = () => [...rows.values()].some((row) => row.subject === process.argv[2]);

await logIn();
while (!found()) {
  try {
    if (state === undefined) await list();
    await listen();
    await sync(); // of a later time than the stream: the next one begins with the state of the list
  } catch (failure) {
    const { status, retryable } = failure instanceof Problem ? failure : { status: 0, retryable: true };
    if (status === 410) state = undefined; // too old: list anew
    else if (status === 401) await logIn(); // the session has ended
    else if (!retryable) throw failure;
  }
  await new Promise((later) => setTimeout(later, 1000 + 2000 * Math.random()));
}
