"""python3 -m bindings.gen: reads include/pawl, writes bindings/api.json and everything that is made from it."""

import argparse
import sys
from pathlib import Path

from . import model
from .emit import emit_all
from .errors import Refused
from .reader import read

ROOT = Path(__file__).resolve().parents[2]
LOCK = "bindings/api.json"


def generated(root: Path) -> dict[str, str]:
    """{path: text} of all generated files, the lock first."""
    api = read(root / "include/pawl/pawl.h", root / "include")
    return {LOCK: model.to_json(api), **emit_all(api)}


def stale(root: Path, files: dict[str, str]) -> list[str]:
    """The files that differ from what would be generated."""
    return [path for path, text in files.items() if not _is(root / path, text)]


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def write(root: Path, files: dict[str, str]) -> None:
    for path in stale(root, files):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(files[path], encoding="utf-8")
        print(f"wrote {path}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m bindings.gen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a generated file is stale")
    options = parser.parse_args()
    try:
        files = generated(ROOT)
    except Refused as refusal:
        print(f"bindings.gen: {refusal}", file=sys.stderr)
        return 1
    if not options.check:
        write(ROOT, files)
        return 0
    late = stale(ROOT, files)
    for path in late:
        print(f"{path} is not what the headers say: run ./dev bindings and commit the result", file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
