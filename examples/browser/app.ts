// A page that logs in, lists the inbox, is told of changes, downloads and uploads with progress, and sends.
import { Client, Problem } from "../typescript/client.ts";
import { download, upload } from "./transfers.ts";

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const [login, compose] = [element<HTMLFormElement>("login"), element<HTMLFormElement>("compose")];
const say = (text: unknown) => (element("status").textContent = String(text));
const progress = (octets: number, of: number) => say(`${octets} of ${of || "?"} octets`);
const gateway = document.querySelector<HTMLMetaElement>("meta[name=gateway]")!.content || location.origin;
const client = new Client(gateway); // its token is only in memory: a reload asks for the password again

async function list(): Promise<string> {
  const query = "limit=50&withState=true&fields=id,subject,attachments";
  const page = await client.call("GET", `/mailboxes/inbox/messages?${query}`);
  element("inbox").replaceChildren(...page.items.map(row));
  return page.state;
}

function row({ id, subject, attachments = [] }: any): HTMLElement {
  const line = document.createElement("li");
  line.textContent = subject ?? "(no subject)"; // not innerHTML: the text is the sender's
  for (const { partId, name = "attachment" } of attachments) {
    const button = line.appendChild(document.createElement("button"));
    button.textContent = name;
    button.onclick = () => download(client, `/messages/${id}/parts/${partId}`, name, progress).catch(say);
  }
  return line;
}

/**
 * Until something has changed. EventSource sends no Authorization, and opens a link instead. It connects again by itself
 * after a lost connection, but never again after an error (410, 502, 503).
 */
async function change(since: string): Promise<void> {
  const link = await client.call("POST", "/events/links", { mailboxes: [{ mailboxId: "inbox", since }] });
  const events = new EventSource(new URL(link.url, gateway));
  await new Promise<void>((done) => {
    const types = ["message.added", "message.updated", "message.removed", "resync", "session.ending"];
    for (const type of types) events.addEventListener(type, () => done());
    events.onerror = () => events.readyState === EventSource.CLOSED && done();
  });
  events.close();
}

/** A list is of a later time than the stream before it, so that each one gets a new stream, which begins with its state. */
async function follow(): Promise<void> {
  for (;;) {
    try {
      await change(await list());
    } catch (failure) {
      say(failure);
      if (failure instanceof Problem && !failure.retryable) return; // the session has ended, which is a 401
    }
    await new Promise((later) => setTimeout(later, 1000 + 2000 * Math.random()));
  }
}

function show(isLoggedIn: boolean): void {
  [login.hidden, compose.hidden] = [isLoggedIn, !isLoggedIn];
}

login.onsubmit = async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(login)) as Record<string, string>;
  try {
    await client.logIn(username!, password!);
  } catch (failure) {
    return say(failure);
  }
  show(true);
  await follow();
  show(false);
};

let key = crypto.randomUUID(); // of what the form holds: clicked again after a lost answer, it is sent once
compose.oninput = () => (key = crypto.randomUUID());

compose.onsubmit = async (event) => {
  event.preventDefault();
  const { from, to, subject, text, file } = Object.fromEntries(new FormData(compose)) as Record<string, any>;
  const attachments = file.size > 0 ? [{ part: "file", name: file.name }] : [];
  const message = { from: [{ email: from }], to: [{ email: to }], subject, text, attachments };
  const form = new FormData();
  form.append("message", new Blob([JSON.stringify(message)], { type: "application/json" }));
  if (file.size > 0) form.append("file", file);
  const fields = compose.querySelector("fieldset")!;
  fields.disabled = true;
  try {
    await upload(client, "/send", form, key, progress);
    compose.reset();
    key = crypto.randomUUID();
    say("sent");
  } catch (failure) {
    say(failure);
  } finally {
    fields.disabled = false;
  }
};
