"""Keeps a list of the inbox: reads it once, and asks what changed whenever an event says that something did. It ends when
a message with the subject on the command line has come. ../mailbox-copy.ts applies the events themselves."""

import random
import sys
import time

import requests
from postern import Client, Problem

rows, state = {}, None  # an app that ends stores both, together


def list_inbox():
    global state
    rows.clear()
    page = {}
    while not page or "nextCursor" in page:
        query = {"withState": "true", "limit": 500, "cursor": page.get("nextCursor")}
        page = client.call("GET", "/mailboxes/inbox/messages", params=query)
        rows.update({row["id"]: row for row in page["items"]})
    state = page["state"]
    print(f"listed: {len(rows)} messages", flush=True)


def sync():
    global state
    pages = [{}]  # applied together, when the last one has come
    while len(pages) == 1 or "nextCursor" in pages[-1]:
        question = {"since": state, "cursor": pages[-1].get("nextCursor")}
        pages.append(client.call("POST", "/mailboxes/inbox/changes", json=question))
    for page in pages:
        for row in page.get("added", []):
            rows[row["id"]] = row
            print("new:", row.get("subject"), flush=True)
        for change in page.get("updated", []):
            rows.get(change["id"], {})["keywords"] = change["keywords"]
        for gone in page.get("removed", []):
            rows.pop(gone, None)
    state = pages[-1]["state"]


def listen():
    """Until something has changed, the stream ends, or nothing has come for a minute: a comment comes every 15 seconds."""
    query = {"mailboxId": "inbox", "since": state}  # since: nothing is missed
    with client.send("GET", "/events", params=query, stream=True) as answer:
        for line in answer.iter_lines(chunk_size=1):
            if line.startswith((b"event: message.", b"event: resync", b"event:message.", b"event:resync")):
                return


client = Client()
while not any(row.get("subject") in sys.argv[1:] for row in rows.values()):
    try:
        if state is None:
            list_inbox()
        listen()
        sync()  # of a later time than the stream: the next one begins with the state of the list
    except requests.RequestException:
        pass  # a lost connection: connect again
    except Problem as problem:
        if problem.status == 410:
            state = None  # too old: list anew
        elif problem.status == 401:
            client.log_in()  # the session has ended
        elif not problem.retryable:
            raise
    time.sleep(1 + 2 * random.random())
