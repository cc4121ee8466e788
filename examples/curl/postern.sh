# What the other examples share: requests, errors and repetitions. Needs bash, curl 7.84 or newer, and jq.

set -euo pipefail
base=${POSTERN_URL:-http://localhost:8080}/v1
address=${POSTERN_ADDRESS:-demo@example.org}
token=

# call METHOD PATH [curl's options]: prints the answer, or the problem (application/problem+json) and fails. curl repeats
# after lost connections, 429, 502, 503 and 504, and waits as long as Retry-After says. A request whose answer was lost
# may have been carried out: with the same Idempotency-Key it is not done twice. Requests that only read ignore the key.
call() {
    local method=$1 path=$2 answer status
    shift 2
    answer=$(mktemp)
    status=$(curl --silent --show-error --max-time 300 --retry 4 --retry-all-errors --output "$answer" \
        --write-out '%{http_code}' --request "$method" "$base$path" \
        --header "Idempotency-Key: ${key:-$(new_key)}" ${token:+--header "Authorization: Bearer $token"} "$@")
    if [ "$status" -ge 400 ]; then
        jq -r '"\(.status) \(.code): \(.detail // .title)"' "$answer" >&2 || cat "$answer" >&2
    else
        cat "$answer"
    fi
    rm "$answer"
    [ "$status" -lt 400 ]
}

# post PATH JSON [curl's options]
post() {
    call POST "$1" --header 'Content-Type: application/json' --data "$2" "${@:3}"
}

new_key() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

log_in() {
    token=
    token=$(jq -n --arg username "${POSTERN_USER:-demo}" --arg password "${POSTERN_PASSWORD:-demo}" '$ARGS.named' |
        post /sessions @- | jq -r .token)
}

log_out() {
    call DELETE /sessions/current
}
