# Sourced by the other scripts: where things are, and how what is missing is made.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
VENV="$ROOT/.venv"
cd "$ROOT"

# Images of containers set it, and so do shells in them. Each process would compile all that it imports: 3 s for one of ours.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# One number for the names and contents of the files named on standard input, one a line.
digest_of_files() { LC_ALL=C sort | xargs -d '\n' -r sha256sum | sha256sum | cut -d ' ' -f 1; }

# Runs "$@" while no other script of this clone does the same.
alone() {
    exec 9<"$ROOT"
    if command -v flock >/dev/null; then flock 9; fi
    "$@"
    exec 9<&-
}

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or later with its venv module is needed, and none was found." \
        "Debian: apt-get install python3-venv. Elsewhere: PYTHON=/path/to/python3.12 $0"
}

venv_is_sound() {
    # A venv that was moved still has a working python, but every command in it names the old place.
    grep -qsF "$VENV/bin/python" "$VENV/bin/pip" &&
        "$VENV/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
        "$VENV/bin/python" -m pip --version >/dev/null 2>&1
}

make_venv() {
    local python
    python="$(find_python)"
    say "Making .venv with $("$python" --version)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
}

install_python_packages() {
    say "Installing the packages of locks/dev.lock"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/tools.lock &&
        "$VENV/bin/uv" pip sync --quiet --python "$VENV/bin/python" --require-hashes locks/dev.lock &&
        "$VENV/bin/uv" pip install --quiet --python "$VENV/bin/python" --build-constraint locks/build.lock \
            --no-deps --editable .
}

# The environment as the locks have it. The stamp comes last: what was interrupted is done again.
setup_python() {
    local stamp="$VENV/setup-stamp" want
    want="$(digest_of_files < <(printf '%s\n' locks/*.lock pyproject.toml scripts/lib.sh)) $VENV"
    if [[ -x "$VENV/bin/lets-connect" && "$(cat "$stamp" 2>/dev/null)" == "$want" ]]; then return; fi
    if venv_is_sound; then rm -f "$stamp"; else make_venv; fi
    if ! install_python_packages; then
        say "Once more, in a new .venv"
        make_venv
        install_python_packages || fail "The packages could not be installed; the lines above say why."
    fi
    printf '%s\n' "$want" >"$stamp"
}

have_node() { command -v npm >/dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null; }

# The web app, where Node is there. Fails when it is and the build does not succeed.
setup_web() {
    [[ -f web/package.json ]] || return 0
    if ! have_node; then
        say "Node 20 or later was not found: the API is served without the web app."
        return 0
    fi
    local packages=web/node_modules/.setup-stamp build=web/node_modules/.build-stamp want
    want="$(digest_of_files < <(printf '%s\n' web/package.json web/package-lock.json)) $(node --version)" || return 1
    if [[ "$(cat $packages 2>/dev/null)" != "$want" ]]; then
        say "Installing the packages of web/package-lock.json"
        (cd web && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error) || return 1
        printf '%s\n' "$want" >$packages
    fi
    want="$(digest_of_files < <(find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*')) $want"
    if [[ ! -d web/dist || ! -d gateway/edge/graphiql || "$(cat $build 2>/dev/null)" != "$want" ]]; then
        say "Building the web app"
        (cd web && npm run --silent build) >&2 || return 1
        printf '%s\n' "$want" >$build
    fi
}

# The web app while something else is set up, which waits for another registry. It is a process group, to be ended whole,
# and at once: npm takes half a minute to undo what without its stamp is done again anyway.
begin_web() {
    set -m
    setup_web </dev/null &
    WEB=$!
    set +m
    trap 'kill -KILL -- "-$WEB" 2>/dev/null' EXIT
}

# Waits for it; fails as setup_web does.
end_web() {
    local failed=0
    wait "$WEB" || failed=1
    trap - EXIT
    return $failed
}

setup_all() {
    begin_web
    setup_python
    end_web || fail "The web app could not be built; the lines above say why."
}

# "$@" at the same time as what follows. What it says is kept until end_beside, which waits for it and fails as it does.
begin_beside() {
    SAID="$(mktemp)"
    set -m
    "$@" </dev/null >"$SAID" 2>&1 &
    BESIDE=$!
    set +m
    trap 'kill -TERM -- "-$BESIDE" 2>/dev/null; rm -f "$SAID"' EXIT
}

end_beside() {
    local code=0
    wait "$BESIDE" || code=$?
    trap - EXIT
    cat "$SAID" >&2
    rm -f "$SAID"
    return $code
}
