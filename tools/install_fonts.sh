#!/usr/bin/env bash
# Puts the free Fandol fonts (仿宋 楷体 黑体 宋体) into the cache folder, where tools/look.py finds them.
# They are taken out of Debian's package, with their licence; TeX itself is not installed. As root, for apt.
set -euo pipefail

fonts=${REPORTGEN_CACHE:-$(cd "$(dirname "$0")/.." && pwd)/.cache}/fonts
if [ -e "$fonts/FandolFang-Regular.otf" ]; then
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
apt-get -qq update
(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download texlive-lang-chinese)
dpkg-deb --fsys-tarfile "$work"/texlive-lang-chinese*.deb | tar -x -C "$work" --wildcards '*/fandol/*'
mkdir -p "$fonts"
find "$work/usr" -type f -exec cp -t "$fonts" {} +
