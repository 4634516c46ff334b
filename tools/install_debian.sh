#!/usr/bin/env bash
# Installs what it takes to turn a Word document into pictures (Debian or Ubuntu, as root): LibreOffice, poppler, fonts.
set -euo pipefail

packages=(libreoffice-writer-nogui libreoffice-math-nogui poppler-utils fonts-noto-cjk fonts-liberation)
if dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    exit 0
fi

apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${packages[@]}" >/dev/null
