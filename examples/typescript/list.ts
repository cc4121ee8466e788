// Logs in, lists the newest messages by pages, searches all mailboxes, and logs out.
import { client, logIn, logOut } from "./settings.ts";

await logIn();
let cursor: string | undefined;
for (let page = 1; page <= 2; page++) {
  const query = new URLSearchParams({ limit: "10", fields: "id,from,subject,receivedAt", ...(cursor && { cursor }) });
  const list = await client.call("GET", `/mailboxes/inbox/messages?${query}`);
  for (const message of list.items) {
    console.log(message.receivedAt, message.from?.[0]?.email ?? "", message.subject ?? "(no subject)");
  }
  cursor = list.nextCursor; // the next page is the same request with the cursor
  if (!cursor) break;
}

const unread = { filter: { unseen: true, since: "2020-01-01" }, fields: ["subject"], limit: 3 };
for (const message of (await client.call("POST", "/search", unread)).items) console.log("unread:", message.subject);

await logOut();
