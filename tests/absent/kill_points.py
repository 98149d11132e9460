"""kill_points.py SRC BINARY: no kill point's or mutant's name, and no hook of src/base/kill_point.h, sim_hooks.h or
src/crypto/nonce_watch.h is in BINARY.

First proves that it would see each of them.
"""

import pathlib
import re
import sys

HOOKS = {"pawl_kill_point_hit", "pawl_sim_mutant", "pawl_sim_passed", "pawl_sim_sealed"}
NAME = re.compile(r'PAWL_(?:KILL_POINT|MUTANT|PASSED)\("([^"]+)"\)')


def names(src: pathlib.Path) -> set[str]:
    found = set(HOOKS)
    for path in src.rglob("*.cc"):
        found.update(NAME.findall(path.read_text()))
    return found


def present(wanted: set[str], binary: bytes) -> list[str]:
    return sorted(name for name in wanted if name.encode() in binary)


def main() -> int:
    src, program = map(pathlib.Path, sys.argv[1:])
    wanted = names(src)
    binary = program.read_bytes()
    if not {"db.before_commit", "ratchet.no_salt", "braid.broken"} <= wanted or len(wanted) < 20:
        print("the source's names were not found:", wanted)
        return 1
    for name in wanted:
        if name not in present(wanted, b"\0" + name.encode() + b"\0"):
            print("the search does not bite for", name)
            return 1
    left = present(wanted, binary)
    print(program.name, "holds", left if left else f"none of {len(wanted)} names")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
