# What the other examples share: requests, errors and repetitions. Needs bash 4.4, curl 7.84 and jq, or newer ones.

set -euo pipefail
shopt -s inherit_errexit # otherwise a failure within $(…) would not end it
base=${POSTERN_URL:-http://localhost:8080}/v1
address=${POSTERN_ADDRESS:-demo@example.org}
token=
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# call METHOD PATH [curl's options]: prints the answer, or the problem (application/problem+json) and fails. It tries up to
# five times: after a lost connection, and after what `repeatable` names. A request whose answer was lost may have been
# carried out: with the same Idempotency-Key it is not done twice. Requests that only read ignore the key.
call() {
    local method=$1 path=$2 key=${key:-$(new_key)} answer=$work/answer said status pause tries
    shift 2
    for tries in 1 2 3 4 5; do
        if [ "$tries" != 1 ]; then sleep "$pause"; fi
        : >"$answer"
        pause=$tries
        # It fails when the connection is lost, in the middle of the answer too
        said=$(curl --silent --show-error --max-time 300 --output "$answer" \
            --write-out '%{http_code} %header{retry-after}' --request "$method" "$base$path" \
            --header "Idempotency-Key: $key" ${token:+--header "Authorization: Bearer $token"} "$@") || continue
        status=${said%% *} pause=${said#* }
        if [ "$status" -lt 300 ]; then
            cat "$answer"
            return
        fi
        if ! repeatable "$method" "$status" "$answer"; then break; fi
        if [[ ! $pause =~ ^[0-9]+$ ]]; then pause=2; fi
    done
    jq -r '"\(.status) \(.code): \(.detail // .title)"' "$answer" >&2 2>/dev/null || cat "$answer" >&2
    return 1
}

# repeatable METHOD STATUS FILE: what the problem says; and `outcome-unknown`, where a key was sent: the gateway then finds out
# what was done. The errors of a proxy are no problems, and tell as little as a lost connection.
repeatable() {
    if jq -e .code "$3" >/dev/null 2>&1; then
        jq -e --arg method "$1" '.retryable or ($method == "POST" and .code == "outcome-unknown")' "$3" >/dev/null
    else
        [[ $2 =~ ^(429|502|503|504)$ ]]
    fi
}

# post PATH JSON [curl's options]
post() {
    printf %s "$2" >"$work/body" # since the arguments of programs are seen by others
    call POST "$1" --header 'Content-Type: application/json' --data-binary "@$work/body" "${@:3}"
}

new_key() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

log_in() {
    local login
    token=
    login=$(jq -n '{username: (env.POSTERN_USER // "demo"), password: (env.POSTERN_PASSWORD // "demo")}')
    token=$(post /sessions "$login" | jq -r .token)
}

log_out() {
    call DELETE /sessions/current
}
