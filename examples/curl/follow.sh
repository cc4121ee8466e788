#!/usr/bin/env bash
# Keeps a list of the inbox: reads it once, and asks what changed whenever an event says that something did. It ends when
# a message with the subject on the command line has come. ../mailbox-copy.ts applies the events themselves.
. "$(dirname "$0")/postern.sh"
copy=$work/copy # {"rows": {id: row}, "state": …}: the list and its state are stored together

list() {
    local query='withState=true&limit=500&fields=id,subject,keywords' cursor='' page pages=''
    while true; do
        page=$(call GET "/mailboxes/inbox/messages?$query${cursor:+&cursor=$cursor}") || return
        pages+=$page
        cursor=$(jq -r '.nextCursor // empty' <<<"$page")
        if [ -z "$cursor" ]; then break; fi
    done
    jq -s '{rows: (map(.items[] | {(.id): .}) | add // {}), state: .[0].state}' <<<"$pages" >"$copy"
    jq -r '"listed: \(.rows | length) messages"' "$copy"
}

sync() {
    local cursor=null question page pages='' # applied together, when the last one has come
    while [ -n "$cursor" ]; do
        question=$(jq --argjson cursor "$cursor" '{since: .state, cursor: $cursor}' "$copy")
        page=$(post /mailboxes/inbox/changes "$question") || return
        pages+=$page
        cursor=$(jq '.nextCursor // empty' <<<"$page")
    done
    jq -r '.added[]? | "new: \(.subject)"' <<<"$pages"
    jq --slurpfile pages <(echo "$pages") 'reduce $pages[] as $page (.;
        reduce $page.added[]? as $row (.; .rows[$row.id] = $row)
        | reduce $page.updated[]? as $it (.; if .rows[$it.id] then .rows[$it.id].keywords = $it.keywords else . end)
        | reduce $page.removed[]? as $id (.; del(.rows[$id]))
        | .state = ($page.state // .state))' "$copy" >"$copy.new"
    mv "$copy.new" "$copy"
}

has() {
    jq -e --arg subject "${1:-}" 'any(.rows[]; .subject == $subject)' "$copy" >/dev/null
}

# Until something has changed. A comment comes every 15 seconds: after a minute of silence the connection is dead. (curl
# itself cannot tell: three octets in 15 seconds are less than its smallest --speed-limit.)
listen() {
    local line stream
    exec 3< <(exec curl --silent --fail --no-buffer --get "$base/events" --header "Authorization: Bearer $token" \
        -d mailboxId=inbox --data-urlencode "since=$(jq -r .state "$copy")") # since: nothing is missed
    stream=$!
    while read -r -t 60 line <&3; do
        case $line in 'event: message.'* | 'event: resync'*) break ;; esac
    done
    kill "$stream" 2>/dev/null || true
    exec 3<&-
}

log_in
list
until has "${1:-}"; do
    listen
    # The copy is now of a later time than the stream, so that the next one begins with the state of the copy.
    call GET /sessions/current >/dev/null || log_in # the session may have ended
    sync || list                                    # a state that is too old
    sleep $((1 + RANDOM % 3))
done
