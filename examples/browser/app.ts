// A page that logs in, lists the inbox, is told of changes, downloads and uploads with progress, and sends.
import { Client } from "../typescript/client.ts";
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

/** EventSource sends no Authorization, and opens a link instead. It connects again by itself. */
async function listen(since: string): Promise<void> {
  const link = await client.call("POST", "/events/links", { mailboxes: [{ mailboxId: "inbox", since }] });
  const events = new EventSource(new URL(link.url, gateway));
  for (const type of ["message.added", "message.updated", "message.removed", "resync"]) {
    events.addEventListener(type, () => list().catch(say));
  }
  events.addEventListener("session.ending", () => {
    events.close();
    list().then(listen).catch(say); // the link has expired, or the session has, which is a 401
  });
}

login.onsubmit = async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(login)) as Record<string, string>;
  await client.logIn(username!, password!).then(list).then(listen).catch(say);
  [login.hidden, compose.hidden] = [client.token !== "", client.token === ""];
};

compose.onsubmit = async (event) => {
  event.preventDefault();
  const { from, to, subject, text, file } = Object.fromEntries(new FormData(compose)) as Record<string, any>;
  const attachments = file.size > 0 ? [{ part: "file", name: file.name }] : [];
  const message = { from: [{ email: from }], to: [{ email: to }], subject, text, attachments };
  const form = new FormData();
  form.append("message", new Blob([JSON.stringify(message)], { type: "application/json" }));
  if (file.size > 0) form.append("file", file);
  await upload(client, "/send", form, progress).then(() => say("sent")).catch(say);
};
