// Downloads an attachment to a file in a new folder, with progress, in constant memory. A download that breaks is resumed.
import { mkdtemp, open } from "node:fs/promises";
import { client, logIn, logOut } from "./settings.ts";

async function download(path: string, file: string, progress: (octets: number, of: number) => void): Promise<void> {
  let octets = 0;
  let etag = "";
  await client.repeat(async () => {
    // If-Range: a file that has changed meanwhile comes whole
    const headers = octets > 0 && etag ? { Range: `bytes=${octets}-`, "If-Range": etag } : undefined;
    const answer = await client.fetch(path, { headers });
    if (answer.status !== 206) octets = 0;
    etag = answer.headers.get("ETag") ?? "";
    const total = octets + Number(answer.headers.get("Content-Length") ?? NaN); // absent where it is not known
    const out = await open(file, octets > 0 ? "a" : "w");
    try {
      for await (const chunk of answer.body!) {
        await out.write(chunk);
        octets += chunk.length;
        progress(octets, total);
      }
    } finally {
      await out.close();
    }
  });
}

await logIn();
const search = { filter: { hasAttachment: true }, fields: ["id", "attachments"], limit: 1 };
const [message] = (await client.call("POST", "/search", search)).items;
const { partId, name } = message.attachments[0];
// The sender chose the name: it must not hide the file, leave the folder, or replace a file that is there
const safe = (name ?? "").slice(-60).replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[.-]+/, "");
const file = `${await mkdtemp("download-")}/${safe || "attachment"}`;
await download(`/messages/${message.id}/parts/${partId}`, file, (octets, of) => {
  process.stdout.write(`\r${file}: ${octets} of ${of || "?"} octets`);
});
console.log();

await logOut();
