#!/bin/sh
# A PostgreSQL of the tests' own, from the Debian package: private folder, private port, no trace left.
#   postgres.sh start DIR     makes and starts it, prints its address (postgresql://…)
#   postgres.sh stop DIR      stops it and removes the folder
# POSTGRES_OPTIONS: further options of the server, for instance "-c fsync=on".
# PostgreSQL does not run as root: then the user of the package runs it.
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "postgres.sh: PostgreSQL is not installed" >&2; exit 2; }
dir=${2:?usage: postgres.sh start|stop DIR}

as_user() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

case ${1:-} in
start)
    mkdir -p "$dir"
    [ "$(id -u)" != 0 ] || chown postgres "$dir"
    as_user "$bin/initdb" -D "$dir/data" -U openshelf -A trust -E UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1 ||
        { cat "$dir/initdb.log" >&2; exit 1; }
    port=$(free_port)
    # Tests are not about power cuts: no fsync. The rest is as installed.
    as_user "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/data/log" -o \
        "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=200 ${POSTGRES_OPTIONS:-}" \
        start >"$dir/start.log" 2>&1 || { cat "$dir/start.log" "$dir/data/log" >&2; exit 1; }
    echo "postgresql://openshelf@127.0.0.1:$port/postgres"
    ;;
stop)
    as_user "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$dir"
    ;;
*)
    echo "usage: postgres.sh start|stop DIR" >&2
    exit 2
    ;;
esac
