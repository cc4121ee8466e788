"""Uploads the file on the command line into a draft, and sends the draft."""

import json
import os
import sys
import uuid

from postern import ADDRESS, Client

client = Client()
file = sys.argv[1] if len(sys.argv) > 1 else "send.py"
name = os.path.basename(file)
message = {
    "from": [{"email": ADDRESS}],
    "to": [{"email": ADDRESS}],
    "subject": "Hello from Python",
    "text": "A file is attached.",
    "attachments": [{"part": "file", "name": name}],
}
with open(file, "rb") as content:
    form = {"message": (None, json.dumps(message), "application/json"), "file": (name, content.read())}

draft = client.call("POST", "/mailboxes/drafts/messages", files=form)
print("stored:", draft["id"])

# An app that may be killed now stores the key first, and repeats the request with it when it runs again.
key = str(uuid.uuid4())
sent = client.call("POST", f"/messages/{draft['id']}/send", key=key, json={})
print("sent to:", ", ".join(it["email"] for it in sent["recipients"]), "copy:", sent["copy"]["outcome"])

client.log_out()
