#!/bin/bash
# Unmodified clients of others read a demonstration site: tests/clients/run.sh [clients|tables|schemas …]      (none: all)
# OPENSHELF names the program. The clients are fetched once, at the versions pinned here, into folders that git ignores.
set -euo pipefail
cd "$(dirname "$0")"
export OPENSHELF=${OPENSHELF:-$PWD/../../build-gcc/openshelf}
if ! cmp -s requirements.txt .venv/.installed; then
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
  cp requirements.txt .venv/.installed
fi
if ! cmp -s package-lock.json node_modules/.lock; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  cp package-lock.json node_modules/.lock
fi
export PATH=$PWD/.venv/bin:$PATH PYTHONPATH=../support
exec python clients.py "$@"
