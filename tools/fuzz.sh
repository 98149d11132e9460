#!/usr/bin/env bash
# tools/fuzz.sh [SECONDS [TARGET…]]: runs the fuzz programs of the asan preset, as many at a time as there are cores.
# Fails when a target crashes, when it was built without libFuzzer, or when there is none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-60}
[ $# -eq 0 ] || shift
programs=()
if [ $# -gt 0 ]; then
  for target in "$@"; do programs+=("build/asan/fuzz/${target%_fuzz}_fuzz"); done
else
  programs=(build/asan/fuzz/*_fuzz)
fi
[ -x "${programs[0]}" ] || { echo "tools/fuzz.sh: no fuzz target ${programs[0]}" >&2; exit 1; }

one() {
  local program=$1 seconds=$2 target work artifacts log
  target=$(basename "$program" _fuzz)
  work=build/fuzz/work/$target
  artifacts=build/fuzz/artifacts/$target
  log=build/fuzz/log/$target.log
  mkdir -p "$work" "$artifacts" build/fuzz/log
  if ASAN_OPTIONS=allow_user_poisoning=0 "$program" -max_total_time="$seconds" -artifact_prefix="$artifacts/" \
    -print_final_stats=1 -rss_limit_mb=2048 -timeout=10 "$work" "tests/fuzz/corpus/$target" >"$log" 2>&1 </dev/null; then
    awk -v target="$target" '
      /^stat::number_of_executed_units/ { runs = $2 }
      / cov: / { for (i = 1; i < NF; ++i) if ($i == "cov:") cov = $(i + 1) }
      END { printf "  ok    %-32s %10d runs, coverage %d\n", target, runs, cov }' "$log"
  else
    printf '  FAIL  %s: %s\n' "$target" "$log"
    grep -m 1 -E 'ERROR|SUMMARY|runtime error' "$log" || tail -n 3 "$log"
    return 1
  fi
}
export -f one

printf '%s\n' "${programs[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one "$1" "$2"' _ {} "$seconds"
