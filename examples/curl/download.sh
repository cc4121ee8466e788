#!/usr/bin/env bash
# Downloads an attachment to a file in a new folder, with progress. A download that breaks is resumed.
. "$(dirname "$0")/postern.sh"
log_in

message=$(post /search '{"filter": {"hasAttachment": true}, "fields": ["id", "attachments"], "limit": 1}' | jq '.items[0]')
path=$(jq -r '"/messages/\(.id)/parts/\(.attachments[0].partId)"' <<<"$message")
# The sender chose the name: it must not hide the file, leave the folder, or replace a file that is there
name=$(jq -r '.attachments[0].name // "" | .[-60:] | gsub("[^\\w.-]+"; "_") | sub("^[.-]+"; "") |
    if . == "" then "attachment" else . end' <<<"$message")
file=$(mktemp -d ./download-XXXXXX)/$name

# The octets of a part never change, so that it can be resumed from where the file ends. A curl that repeats by itself
# would begin anew.
for ((tries = 1; ; tries++)); do
    if curl --fail --progress-bar --speed-time 60 --speed-limit 1 --continue-at - --output "$file" \
        --header "Authorization: Bearer $token" "$base$path"; then
        break
    fi
    if [ "$tries" = 5 ]; then exit 1; fi
    sleep "$tries"
done
echo "$file: $(wc -c <"$file") octets"

log_out
