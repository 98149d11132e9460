# Shared by ./dev and the parts of its setup: steps with elapsed time, logs, failures that say what to do.
# Sourced by bash; $root is the checkout.

: "${HOME:=$(cd ~ && pwd)}"
: "${PAWL_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/pawl}"
export HOME PAWL_CACHE

say() { printf '%s\n' "$*"; }

# step TEXT: one line with the time since ./dev began.
step() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }

# die TEXT…: what is wrong and how to get on, one argument per line.
die() {
  printf 'dev: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '     %s\n' "$@" >&2
  exit 1
}

# quietly_logged NAME COMMAND…: the command's output goes to a log, a sign of life every 10 s to the screen.
quietly_logged() {
  local name=$1 pid began=$SECONDS shown=$SECONDS log
  log="$PAWL_CACHE/log/$name.log"
  shift
  mkdir -p "$PAWL_CACHE/log"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - shown)) -ge 10 ]; then
      shown=$SECONDS
      printf '        ... %s, %d s: %s\n' "$name" $((SECONDS - began)) "$(tail -n 1 "$log" | cut -c 1-80)"
    fi
  done
  wait "$pid"
}

# logged NAME COMMAND…: the same, and the log's end to the screen when the command fails.
logged() {
  local status=0
  quietly_logged "$@" || status=$?
  [ "$status" -ne 0 ] || return 0
  printf 'dev: %s failed (%d). The end of %s:\n' "$1" "$status" "$PAWL_CACHE/log/$1.log" >&2
  tail -n 20 "$PAWL_CACHE/log/$1.log" | sed 's/^/     | /' >&2
  return "$status"
}

cores() { nproc 2>/dev/null || echo 2; }

# as_root COMMAND…: 1 when there is no way to be root.
can_be_root() { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
