# demo LOG: starts the demo on a free port, and sets POSTERN_URL. It is stopped when the script ends that sourced this.
demo() {
    local log=$1 i
    : >"$log" # it is read at once
    setsid mvn -B spring-boot:test-run -Dspring-boot.run.arguments=--server.port=0 >"$log" 2>&1 &
    DEMO=$!
    trap 'kill -- "-$DEMO" 2>/dev/null || true' EXIT
    for i in $(seq 200); do
        POSTERN_URL=$(sed -nE 's/^Postern is ready at ([^ ]*),.*/\1/p' "$log")
        if [ -n "$POSTERN_URL" ]; then return; fi
        kill -0 "$DEMO" 2>/dev/null || break
        sleep 2
    done
    tail -n 30 "$log"
    echo 'FAILED: the demo does not start' >&2
    exit 1
}
