"""Logs in, lists the newest messages by pages, searches all mailboxes, and logs out."""

from postern import Client

client = Client()

cursor = None
for _ in range(2):
    page = {"limit": 10, "fields": "id,from,subject,receivedAt", "cursor": cursor}
    messages = client.call("GET", "/mailboxes/inbox/messages", params=page)
    for message in messages["items"]:
        sender = message.get("from", [{}])[0].get("email", "")
        print(message["receivedAt"], sender, message.get("subject", "(no subject)"))
    cursor = messages.get("nextCursor")  # the next page is the same request with the cursor
    if not cursor:
        break

unread = {"filter": {"unseen": True, "since": "2020-01-01"}, "fields": ["subject"], "limit": 3}
for message in client.call("POST", "/search", json=unread)["items"]:
    print("unread:", message.get("subject"))

client.log_out()
