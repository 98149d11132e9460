#!/usr/bin/env bash
# tools/format.sh [--check]: clang-format over the committed and new C and C++ files. Version 14, because other
# versions format differently.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

program=$(command -v clang-format-14) || {
  echo "tools/format.sh: clang-format 14 is missing (Debian 12: apt-get install clang-format-14; it is not in Debian 13)" >&2
  exit 1
}
mode=(-i)
[ "${1:-}" != --check ] || mode=(--dry-run --Werror)
git ls-files -z --cached --others --exclude-standard -- '*.c' '*.cc' '*.h' '*.hpp' |
  xargs -0 -r ls -d 2>/dev/null | tr '\n' '\0' | xargs -0 -r "$program" --style=file "${mode[@]}"
