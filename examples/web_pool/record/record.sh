#!/bin/sh
# Records all data (16 minutes on a quiet machine). `record.sh --quick` rehearses in 90 seconds, into a scratch directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export PATH="$PATH:/usr/sbin" PYTHONDONTWRITEBYTECODE=1
for program in nginx gunicorn wrk prometheus python3; do
    command -v $program >/dev/null || { echo "record.sh: $program is not installed (Debian has a package of that name)" >&2; exit 2; }
done
if [ "${1-}" = --quick ]; then
    out=$(mktemp -d)
    WEB_POOL_QUICK=1 python3 "$here/record.py" "$out"
    echo "rehearsed into $out"
else
    mkdir -p "$here/../data"
    python3 "$here/record.py" "$here/../data"
fi
