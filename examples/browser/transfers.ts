// Downloads and uploads in a browser, with progress.
import { Client, Problem } from "../typescript/client.ts";

export type Progress = (octets: number, of: number) => void;

/** Into memory, then to a file: for files of some hundred megabytes a signed link as `href` is better. */
export async function download(client: Client, path: string, name: string, progress: Progress): Promise<void> {
  const file = await client.repeat(async () => {
    const answer = await client.fetch(path);
    const total = Number(answer.headers.get("Content-Length")) || 0; // absent where it is not known
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    const reader = answer.body!.getReader();
    for (let octets = 0; ; progress(octets, total)) {
      const { value, done } = await reader.read();
      if (done) return new Blob(chunks);
      chunks.push(value);
      octets += value.length;
    }
  });
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** fetch does not tell how much was uploaded; XMLHttpRequest does. All tries have one key, so that it is done once. */
export function upload(client: Client, path: string, form: FormData, key: string, progress: Progress): Promise<any> {
  return client.repeat(() => attempt(client, path, form, key, progress), true);
}

function attempt(client: Client, path: string, form: FormData, key: string, progress: Progress): Promise<any> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", client.base + path);
    request.setRequestHeader("Authorization", `Bearer ${client.token}`);
    request.setRequestHeader("Idempotency-Key", key);
    request.upload.onprogress = ({ loaded, total }) => progress(loaded, total);
    request.onerror = () => failed(new TypeError("the connection was lost"));
    request.onload = async () => {
      const { status, statusText, responseText } = request;
      if (status < 300) return done(JSON.parse(responseText));
      const headers = { "Retry-After": request.getResponseHeader("Retry-After") ?? "" };
      failed(await Problem.of(new Response(responseText, { status, statusText, headers })));
    };
    request.send(form);
  });
}
