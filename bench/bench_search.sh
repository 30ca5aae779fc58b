#!/bin/bash
# The text engine against SQLite FTS5 and Groonga on the real titles, scaled to 300,000: see bench/bench_search.c.
set -euo pipefail
crawl=../shared/corpus/catalog-tw/dgtw-full.ndjson.gz
[ -f "$crawl" ] || { echo "search: no $crawl, nothing measured"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gzip -dc "$crawl" >"$work/titles.ndjson"
"$BENCH_BUILD/bench_search" "$work/titles.ndjson" "${BENCH_DOCS:-300000}"
