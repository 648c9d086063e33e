#!/usr/bin/env bash
# Runs a command with a secret service (gnome-keyring) of its own. Arguments: the folder of its keyrings, which may be
# used again by a later run; the password that unlocks it, or '' to leave it locked; the command.
set -euo pipefail
keyrings=$1 password=$2
shift 2
runtime=$(mktemp -d)
chmod 700 "$runtime"
trap 'rm -rf "$runtime"' EXIT
# Without a display nobody can be asked.
unset DISPLAY WAYLAND_DISPLAY
export XDG_DATA_HOME=$keyrings XDG_RUNTIME_DIR=$runtime

# shellcheck disable=SC2016
dbus-run-session -- bash -c '
  password=$1; shift
  options=(--foreground --components=secrets)
  [ -n "$password" ] && options+=(--unlock)
  printf %s "$password" | gnome-keyring-daemon "${options[@]}" >/dev/null 2>&1 &
  daemon=$!
  for _ in $(seq 100); do
    dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner \
      string:org.freedesktop.secrets >/dev/null 2>&1 && break
    sleep 0.05
  done
  status=0
  timeout 50 "$@" || status=$?
  kill "$daemon" 2>/dev/null || true
  exit "$status"
' keyring "$password" "$@"
