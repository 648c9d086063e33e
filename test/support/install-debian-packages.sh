#!/usr/bin/env bash
# Installs the Debian packages that tests use and that are missing. Says what it does not install, and why.
# Arguments: the packages. Ends 0 when all are there afterwards, 1 when some are not.
set -euo pipefail

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "not installed, this is not Debian: $*"
  exit 1
fi

missing=()
for package in "$@"; do
  is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "not installed, this needs root: ${missing[*]}"
  exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 5 "$log"
  echo "not installed, apt-get failed: ${missing[*]}"
  exit 1
fi
echo "installed: ${missing[*]}"
