"""python3 -m bindings.gen: reads include/pawl, writes bindings/api.json and everything that is made from it."""

import argparse
import itertools
import sys
from pathlib import Path

from . import baseline, comments, compat, model
from .emit import emit_all
from .emit.text import GENERATED
from .errors import Refused
from .reader import read

ROOT = Path(__file__).resolve().parents[2]
LOCK = "bindings/api.json"


def headers(root: Path) -> model.Api:
    api = read(root / "include/pawl/pawl.h", root / "include")
    comments.demand(api)
    return api


def generated(api: model.Api) -> dict[str, str]:
    """{path: text} of all generated files, the lock first."""
    return {LOCK: model.to_json(api), **emit_all(api)}


def stale(root: Path, files: dict[str, str]) -> list[str]:
    """The files that differ from what would be generated."""
    return [path for path, text in files.items() if not _is(root / path, text)]


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def orphans(root: Path, files: dict[str, str]) -> list[str]:
    """Files among the generated ones that were generated, too, and are no more: their declaration is gone."""
    folders = sorted({(root / path).parent for path in files})
    beside = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if path.is_file()]
    names = {path.relative_to(root).as_posix(): path for path in beside}
    return [name for name, path in names.items() if name not in files and _is_generated(path)]


def _is_generated(path: Path) -> bool:
    """Whether one of the lines at its top says so."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return any(GENERATED in line for line in itertools.islice(lines, 3))


def write(root: Path, files: dict[str, str]) -> None:
    for path in orphans(root, files):
        (root / path).unlink()
        print(f"removed {path}")
    for path in stale(root, files):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(files[path], encoding="utf-8")
        print(f"wrote {path}")


def check(root: Path, files: dict[str, str]) -> int:
    late, gone = stale(root, files), orphans(root, files)
    for path in late:
        print(f"{path} is not what the headers say: run ./dev bindings and commit the result", file=sys.stderr)
    for path in gone:
        print(f"{path} was generated from what the headers say no more: run ./dev bindings and commit the result", file=sys.stderr)
    return 1 if late or gone else 0


def check_lock(root: Path, api: model.Api) -> int:
    """Whether programs made with the headers of an earlier release go on with these."""
    since = baseline.changes(root, api)
    missing = baseline.missing(root, api)
    for release in missing:
        print(f"the headers of {release} are not frozen, so nothing protects them: ./dev bindings --baseline there", file=sys.stderr)
    for release, changes in since.items():
        for change in changes:
            print(f"since {release}: {change}")
    return 1 if missing or compat.breaks(sum(since.values(), [])) else 0


def freeze(root: Path, api: model.Api) -> int:
    for change in baseline.freeze(root, api):
        print(f"differs from the baseline before: {change}")
    print(f"froze {baseline.folder(root, api.version).relative_to(root)}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m bindings.gen", description=__doc__)
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--check", action="store_true", help="write nothing; exit 1 when a generated file is stale")
    does.add_argument("--lock", action="store_true", help="exit 1 when the headers break with a frozen release")
    does.add_argument("--baseline", action="store_true", help="write all, and freeze the headers of a release to come")
    options = parser.parse_args()
    try:
        api = headers(ROOT)
        if options.lock:
            return check_lock(ROOT, api)
        files = generated(api)
        if options.check:
            return check(ROOT, files)
        write(ROOT, files)
        return freeze(ROOT, api) if options.baseline else 0
    except Refused as refusal:
        print(f"bindings.gen: {refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
