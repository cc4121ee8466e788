"""The scenario of README.md in this folder, with the client for Python."""

import os
import sys

from openapi_client import (
    ApiClient, ApiException, AttachmentsApi, AttachmentSource, BatchRequest, ComposeApi,
    Configuration, EmailAddress, MailboxesApi, MessageField, MessagePatch, MessageRequest,
    MessagesApi, Problem, SearchApi, SearchFilter, SearchRequest)


def check(what, holds):
    if not holds:
        sys.exit(f"python: {what}: not what was expected")


def problem(call):
    try:
        call()
    except ApiException as e:
        return Problem.from_json(e.body)
    sys.exit("python: no problem where one was expected")


path = sys.argv[1]
with ApiClient(Configuration(os.environ["POSTERN_URL"], username="demo", password="demo")) as http:
    messages, attachments = MessagesApi(http), AttachmentsApi(http)

    mailboxes = MailboxesApi(http).list_mailboxes().items
    check("list", mailboxes[0].role == "inbox")

    fields = [MessageField.FieldId, MessageField.FieldSubject]
    first = messages.list_messages("inbox", limit=3, fields=fields)
    second = messages.list_messages("inbox", limit=3, fields=fields, cursor=first.next_cursor)
    ids = [m.id for m in first.items + second.items]
    check("page", len(set(ids)) == 6 and first.items[0].subject)

    check("get", messages.get_message(ids[0], include=["text"]).text.content)

    flagged = messages.update_message(ids[0], MessagePatch(keywords={"$flagged": True}))
    check("flag", flagged.keywords["$flagged"])
    cleared = messages.update_message(ids[0], MessagePatch(keywords={"$flagged": False}))
    check("unflag", "$flagged" not in cleared.keywords)

    batch = messages.batch_messages(BatchRequest(ids=ids[:2], keywords={"$seen": True}))
    check("batch", batch.succeeded == 2 and batch.results[0].keywords["$seen"])

    found = SearchApi(http).search_messages(
        SearchRequest(filter=SearchFilter(hasAttachment=True, subject="invoice"), limit=5))
    check("search", found.items and all(m.has_attachment for m in found.items))

    with open(path, "rb") as file:
        octets = file.read()
    name = os.path.basename(path)
    draft = ComposeApi(http).create_message_with_files(
        "drafts",
        files=[(name, octets)],
        message=MessageRequest(
            to=[EmailAddress(email="ada@example.org")],
            subject="Numbers",
            text="Hi",
            attachments=[AttachmentSource(part=name)]))
    stored = messages.get_message(draft.id)
    check("compose", stored.subject == "Numbers" and stored.attachments[0].name == name)

    with open("download", "wb") as copy:
        copy.write(attachments.download_part(draft.id, stored.attachments[0].part_id))
    with open("download", "rb") as copy:
        check("download", copy.read() == octets)

    messages.delete_message(draft.id, permanent=True)
    gone = problem(lambda: messages.get_message(draft.id))
    check("404", gone.status == 404 and gone.code == "message-not-found")
    refused = problem(lambda: SearchApi(http).search_messages(
        SearchRequest(filter=SearchFilter(gmailRaw="has:drive"))))
    check("422", refused.status == 422 and refused.code == "not-possible")
