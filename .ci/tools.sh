# What the scripts of this folder need of the machine. Sourced by them.

# npm and npx run no install scripts of packages (ADR 0041).
export npm_config_ignore_scripts=true

# packages NAME…: installs packages of Debian
packages() {
    local as=()
    if [ "$(id -u)" != 0 ]; then as=(sudo); fi
    "${as[@]}" apt-get update -qq
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need_npm() {
    if ! command -v npm >/dev/null; then packages nodejs npm; fi
}

need_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null; then return; fi
    done
    packages chromium
}
