#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL server:  tests/with-postgres.sh COMMAND [ARGUMENT]...
#
# The command finds the server in LEADTRAIL_TEST_POSTGRES_URL, and its programs (pg_dump) in the folder
# LEADTRAIL_TEST_POSTGRES_BIN; without that, on the PATH. Whatever happens, the server is stopped and its folder
# removed, and the command's exit code is ours. A server of your own: set LEADTRAIL_TEST_POSTGRES_URL yourself, and
# nothing is installed or started. LEADTRAIL_TEST_DURABLE=1 leaves the server as durable as PostgreSQL comes. The program named
# by LEADTRAIL_TEST_POSTGRES_CONTROL stops and starts the server, for tests that need it gone.
set -euo pipefail

readonly OLDEST=15 # the oldest PostgreSQL we support
readonly DROP_IN=/etc/postgresql-common/createcluster.d/leadtrail-tests.conf

bin=""     # folder of the server's programs
folder=""  # holds the cluster, its log and its socket
started="" # the server may be running
child=""   # process group of the command
as=()      # how to run something as the unprivileged user; empty when we are one
root=()    # how to run something as root; empty when we are

say() { printf 'with-postgres: %s\n' "$*" >&2; }
fail() { say "$*"; exit 69; } # EX_UNAVAILABLE: the command never ran

# --- finding PostgreSQL ---------------------------------------------------------------------------------------------

# Is $1 a folder with a server that is new enough?
suits() {
    [[ -x $1/initdb && -x $1/pg_ctl && -x $1/postgres ]] || return 1
    local version
    version=$("$1/postgres" --version 2>/dev/null | sed -nE 's/^[^0-9]*([0-9]+).*/\1/p')
    [[ -n $version && $version -ge $OLDEST ]]
}

find_server() {
    local candidates=() candidate on_path
    command -v pg_config >/dev/null && candidates+=("$(pg_config --bindir 2>/dev/null || true)")
    while IFS= read -r candidate; do
        candidates+=("$candidate")
    done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV)
    on_path=$(command -v postgres || true)
    [[ -n $on_path ]] && candidates+=("$(dirname "$(readlink -f "$on_path")")")
    for candidate in "${candidates[@]}"; do
        if suits "$candidate"; then
            bin=$candidate
            return 0
        fi
    done
    return 1
}

# --- installing it from the distribution ----------------------------------------------------------------------------

# Runs apt-get in silence; what it said is shown when it fails.
apt() {
    local said
    said=$("${root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
        apt-get -qq -o DPkg::Lock::Timeout=300 "$@" 2>&1 </dev/null) || { printf '%s\n' "$said" >&2; return 1; }
}

# The major version the distribution offers, or nothing.
offered() { LC_ALL=C apt-cache policy postgresql 2>/dev/null | sed -nE 's/^ *Candidate: ([0-9]+).*/\1/p'; }

# The distribution would also make and start a cluster of its own on port 5432; we need the programs only.
install_server() {
    local wish="install PostgreSQL $OLDEST or later (on Debian or Ubuntu: sudo apt-get install postgresql) and run this again"
    command -v apt-get >/dev/null || fail "$wish"
    if [[ $EUID -ne 0 ]]; then
        sudo -n true 2>/dev/null || fail "$wish"
        root=(sudo -n)
    fi
    [[ $(offered) -ge $OLDEST ]] || apt update || fail "$wish"
    [[ $(offered) -ge $OLDEST ]] || fail "this distribution has no PostgreSQL $OLDEST; see https://www.postgresql.org/download and run this again"
    say "installing PostgreSQL $(offered) from the distribution"
    "${root[@]}" mkdir -p "$(dirname "$DROP_IN")"
    echo "create_main_cluster = false" | "${root[@]}" tee "$DROP_IN" >/dev/null
    local installed=yes
    apt install -y --no-install-recommends postgresql || installed=no
    "${root[@]}" rm -f "$DROP_IN"
    if [[ $installed != yes ]] || ! find_server; then
        fail "$wish"
    fi
}

# --- the server -----------------------------------------------------------------------------------------------------

# PostgreSQL refuses to run as root.
choose_user() {
    [[ $EUID -eq 0 ]] || return 0
    local user=nobody
    id postgres >/dev/null 2>&1 && user=postgres
    as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --)
}

# /var/tmp is on disk everywhere (/tmp may be memory), short enough for a socket's path, and open to every user.
make_cluster() {
    folder=$(mktemp -d /var/tmp/leadtrail-postgres.XXXXXX)
    [[ ${#as[@]} -eq 0 ]] || chown "$("${as[@]}" id -u)" "$folder"
    cd "$folder"
    # Names sort by a language here, as on most real servers, so that code that expects SQLite's byte order fails.
    "${as[@]}" "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C \
        --locale-provider=icu --icu-locale=en-US --data-checksums --no-sync >"$folder/initdb.log" 2>&1 ||
        { cat "$folder/initdb.log" >&2; fail "initdb failed"; }
    cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 300
CONF
    # Speed for tests: this cluster need not survive a power cut, it never survives the command. Measurements want it as it
    # is where it must.
    if [[ -z ${LEADTRAIL_TEST_DURABLE:-} ]]; then
        printf '%s = off\n' fsync synchronous_commit full_page_writes >>"$folder/data/postgresql.conf"
    fi
    cd "$OLDPWD"
}

# A port may be taken between our choice and the server's start: then another is tried.
start_server() {
    local port
    for _ in {1..20}; do
        port=$((20000 + RANDOM % 12000)) # below the range the kernel gives to clients
        started=yes
        if (cd "$folder" && "${as[@]}" "$bin/pg_ctl" start --pgdata="$folder/data" --log="$folder/server.log" \
            --wait --timeout=60 --silent --options="-p $port") >"$folder/start.log" 2>&1 </dev/null; then
            export LEADTRAIL_TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
            export LEADTRAIL_TEST_POSTGRES_BIN="$bin"
            return 0
        fi
        started=""
        grep -q "could not create any TCP/IP sockets" "$folder/server.log" 2>/dev/null || break
        rm -f "$folder/server.log"
    done
    cat "$folder/start.log" "$folder/server.log" >&2 || true
    fail "the server did not start"
}

# Arguments are those of pg_ctl: `stop --mode=immediate`, `start`.
make_control() {
    local port=${LEADTRAIL_TEST_POSTGRES_URL##*:}
    export LEADTRAIL_TEST_POSTGRES_CONTROL=$folder/control
    cat >"$LEADTRAIL_TEST_POSTGRES_CONTROL" <<CONTROL
#!/usr/bin/env bash
cd "$folder" && exec ${as[*]} "$bin/pg_ctl" "\$@" --pgdata="$folder/data" --log="$folder/server.log" --wait --silent --options="-p ${port%/*}"
CONTROL
    chmod +x "$LEADTRAIL_TEST_POSTGRES_CONTROL"
}

# --- ending ---------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2317 # called by the traps
clean_up() {
    local code=$?
    trap - EXIT
    trap '' INT TERM HUP
    if [[ -n $child ]] && kill -TERM -- "-$child" 2>/dev/null; then
        for _ in {1..50}; do
            kill -0 -- "-$child" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL -- "-$child" 2>/dev/null || true
    fi
    if [[ -n $started ]]; then
        (cd "$folder" && "${as[@]}" "$bin/pg_ctl" stop --pgdata="$folder/data" --mode=immediate --silent) >/dev/null 2>&1 || true
    fi
    [[ -z $folder ]] || rm -rf "$folder"
    exit "$code"
}

# --- the whole ------------------------------------------------------------------------------------------------------

[[ $# -gt 0 ]] || { say "usage: tests/with-postgres.sh COMMAND [ARGUMENT]..."; exit 64; }
if [[ -n ${LEADTRAIL_TEST_POSTGRES_URL:-} ]]; then
    say "using the server given in LEADTRAIL_TEST_POSTGRES_URL"
    exec "$@"
fi

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

find_server || install_server
choose_user
make_cluster
start_server
make_control
say "$("$bin/postgres" --version) on $LEADTRAIL_TEST_POSTGRES_URL"

# The command gets a process group of its own (set -m), so that ending it ends everything it started.
set -m
"$@" <&0 &
child=$!
set +m
code=0
wait "$child" || code=$?
exit "$code"
