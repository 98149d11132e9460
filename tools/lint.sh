#!/usr/bin/env bash
# tools/lint.sh: every lint of tests/lint, first its self-test (a planted violation must be caught), then the tree.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=0
for check in tests/lint/check_*.py; do
  for mode in --self-test ''; do
    began=$SECONDS
    if output=$(python3 "$check" $mode 2>&1); then
      printf '  ok    %-28s %-12s %2d s\n' "$(basename "$check" .py)" "$mode" $((SECONDS - began))
    else
      printf '  FAIL  %s %s\n%s\n' "$check" "$mode" "$output"
      failed=1
    fi
  done
done
exit "$failed"
