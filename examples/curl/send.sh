#!/usr/bin/env bash
# Uploads the file on the command line into a draft, and sends the draft.
. "$(dirname "$0")/postern.sh"
log_in

file=${1:-$0}
jq -n --arg address "$address" --arg name "$(basename -- "$file")" '{
    from: [{email: $address}],
    to: [{email: $address}],
    subject: "Hello from curl",
    text: "A file is attached.",
    attachments: [{part: "file", name: $name}]
}' >"$work/message"
quoted=${file//\\/\\\\} # curl takes a name in quotes, with \" and \\ in it
quoted=${quoted//\"/\\\"}
# "<": the text from a file, in which curl looks for no ";"
draft=$(call POST /mailboxes/drafts/messages --form "message=<$work/message;type=application/json" \
    --form "file=@\"$quoted\"" | jq -r .id)
echo "stored: $draft"

# Who may be killed now stores the key first, and repeats the request with it.
key=$(new_key)
post "/messages/$draft/send" '{}' | jq -r '"sent to: \(.recipients | map(.email) | join(", ")) copy: \(.copy.outcome)"'
key=

log_out
