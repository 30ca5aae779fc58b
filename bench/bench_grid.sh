#!/bin/bash
# What people wait for in the browser at a table of a million rows: opened, sorted, filtered, charted, mapped; 300 ms at most.
set -euo pipefail
cd "$OPENSHELF_ROOT"
script/bootstrap test
GRID_WAIT=${GRID_WAIT:-300} tests/browser/run grid.mjs
