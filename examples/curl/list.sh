#!/usr/bin/env bash
# Logs in, lists the newest messages by pages, searches all mailboxes, and logs out.
. "$(dirname "$0")/postern.sh"
log_in

query='limit=10&fields=id,from,subject,receivedAt'
page=$(call GET "/mailboxes/inbox/messages?$query")
jq -r '.items[] | "\(.receivedAt) \(.from[0].email // "") \(.subject // "(no subject)")"' <<<"$page"

# the next page is the same request with the cursor
cursor=$(jq -r '.nextCursor // empty' <<<"$page")
if [ -n "$cursor" ]; then
    call GET "/mailboxes/inbox/messages?$query&cursor=$cursor" | jq -r '.items[].subject'
fi

post /search '{"filter": {"unseen": true, "since": "2020-01-01"}, "fields": ["subject"], "limit": 3}' |
    jq -r '.items[] | "unread: \(.subject)"'

log_out
