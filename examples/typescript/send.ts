// Uploads the file on the command line into a draft, and sends the draft.
import { randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { address, client, logIn, logOut } from "./settings.ts";

await logIn();
const file = process.argv[2] ?? "send.ts";
const form = new FormData();
const message = {
  from: [{ email: address }],
  to: [{ email: address }],
  subject: "Hello from TypeScript",
  text: "A file is attached.",
  attachments: [{ part: "file", name: basename(file) }],
};
form.append("message", new Blob([JSON.stringify(message)], { type: "application/json" }));
form.append("file", await openAsBlob(file), basename(file)); // read while it is sent

const draft = await client.call("POST", "/mailboxes/drafts/messages", form);
console.log("stored:", draft.id);

// An app that may be killed now stores the key first, and repeats the request with it when it runs again.
const key = randomUUID();
const sent = await client.call("POST", `/messages/${draft.id}/send`, {}, key);
console.log("sent to:", sent.recipients.map((it: any) => it.email).join(", "), "copy:", sent.copy.outcome);

await logOut();
