"""kill_points.py SRC BINARY: no kill point's name and no hook of src/base/kill_point.h is in BINARY.

First proves that it would see each of them.
"""

import pathlib
import re
import sys

HOOK = "pawl_kill_point_hit"


def names(src: pathlib.Path) -> set[str]:
    found = {HOOK}
    for path in src.rglob("*.cc"):
        found.update(re.findall(r'PAWL_KILL_POINT\("([^"]+)"\)', path.read_text()))
    return found


def present(wanted: set[str], binary: bytes) -> list[str]:
    return sorted(name for name in wanted if name.encode() in binary)


def main() -> int:
    src, program = map(pathlib.Path, sys.argv[1:])
    wanted = names(src)
    binary = program.read_bytes()
    if "db.before_commit" not in wanted or len(wanted) < 7:
        print("the source's kill points were not found:", wanted)
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
