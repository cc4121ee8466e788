#!/usr/bin/env bash
# Downloads an attachment to a file with progress. A download that breaks is resumed.
. "$(dirname "$0")/postern.sh"
log_in

message=$(post /search '{"filter": {"hasAttachment": true}, "fields": ["id", "attachments"], "limit": 1}' | jq '.items[0]')
path=$(jq -r '"/messages/\(.id)/parts/\(.attachments[0].partId)"' <<<"$message")
name=$(jq -r '.attachments[0].name // "attachment"' <<<"$message")
name=$(basename -- "$name") # the sender chose the name

# The octets of a part never change, so that it can be resumed from where the file ends. A curl that repeats by itself
# would begin anew.
rm -f "./$name"
for ((tries = 1; ; tries++)); do
    if curl --fail --progress-bar --speed-time 60 --speed-limit 1 --continue-at - --output "./$name" \
        --header "Authorization: Bearer $token" "$base$path"; then
        break
    fi
    if [ "$tries" = 5 ]; then exit 1; fi
    sleep "$tries"
done
echo "$name: $(wc -c <"./$name") octets"

log_out
