#!/usr/bin/env bash
# merge_archive.sh OUT CXX OBJCOPY NM AR ARGUMENT…: one archive of one object, linked from the arguments, in which every
# name is local but the pawl_* that the arguments ask for by -Wl,-u,NAME: it can meet no other copy of what is inside,
# whatever else is linked.
set -euo pipefail
out=$1 cxx=$2 objcopy=$3 nm=$4 ar=$5
shift 5
work=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$work"' EXIT
object="$work/pawl.o"

# Groups of duplicates are resolved here, because they would meet by name; likewise tentative definitions (-d).
"$cxx" -r -nostdlib -o "$object" -Wl,--force-group-allocation -Wl,-d "$@"

# objcopy localizes what is global or weak, and overlooks what is GNU-unique (static members of the C++ library).
"$nm" --defined-only "$object" | sed -n 's/^[0-9a-f]* u //p' >"$work/unique"
"$objcopy" --strip-debug --weaken-symbols="$work/unique" "$object"
printf '%s\n' "$@" | sed -n 's/^-Wl,-u,\(pawl_.*\)/\1/p' >"$work/public"
"$objcopy" --keep-global-symbols="$work/public" "$object"

"$nm" --defined-only --extern-only "$object" | awk '{ print $3 }' >"$work/global"
strangers=$(grep -vxFf "$work/public" "$work/global" || true)
[ -z "$strangers" ] || { printf 'still global:\n%s\n' "$strangers" >&2; exit 1; }
rm -f "$out"
"$ar" rcs "$out" "$object"
