"""Downloads an attachment to a file in a new folder, with progress, in constant memory. A download that breaks is resumed."""

import os
import re
import tempfile

from postern import Client, repeat


def download(client, path, file, progress):
    octets, etag = 0, None

    def attempt():
        nonlocal octets, etag
        # Identity: lengths are those of the file. If-Range: a file that has changed meanwhile comes whole.
        headers = {"Accept-Encoding": "identity"}
        if octets and etag:
            headers |= {"Range": f"bytes={octets}-", "If-Range": etag}
        with client.send("GET", path, headers=headers, stream=True) as answer:
            if answer.status_code != 206:
                octets = 0
            etag = answer.headers.get("ETag")
            length = answer.headers.get("Content-Length")  # absent where it is not known
            total = octets + int(length) if length else None
            with open(file, "ab" if octets else "wb") as out:
                for chunk in answer.iter_content(16 * 1024):
                    out.write(chunk)
                    octets += len(chunk)
                    progress(octets, total)

    repeat(attempt)


client = Client()
search = {"filter": {"hasAttachment": True}, "fields": ["id", "attachments"], "limit": 1}
message = client.call("POST", "/search", json=search)["items"][0]
attachment = message["attachments"][0]
# The sender chose the name: it must not hide the file, leave the folder, or replace a file that is there
name = re.sub(r"^[.-]+", "", re.sub(r"[^\w.-]+", "_", attachment.get("name", "")[-60:])) or "attachment"
file = os.path.join(tempfile.mkdtemp(prefix="download-", dir="."), name)


def show(octets, total):
    print(f"\r{file}: {octets} of {total or '?'} octets", end="", flush=True)


download(client, f"/messages/{message['id']}/parts/{attachment['partId']}", file, show)
print()

client.log_out()
