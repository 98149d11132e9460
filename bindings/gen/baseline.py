"""The frozen headers of each release, tests/abi/v<major>.<minor>: what later headers may only add to."""

import re
import shutil
from pathlib import Path

from . import compat, model
from .errors import Refused
from .model import Api

FROZEN = Path("tests/abi")


def folder(root: Path, version: str) -> Path:
    major, minor = compat.release(version)
    return root / FROZEN / f"v{major}.{minor}"


def frozen(root: Path) -> list[Path]:
    """The locks of all frozen releases, oldest first."""
    found = [path for path in (root / FROZEN).glob("v*/api.json") if re.fullmatch(r"v\d+\.\d+", path.parent.name)]
    return sorted(found, key=lambda path: compat.release(path.parent.name.removeprefix("v")))


def changes(root: Path, api: Api) -> dict[str, list[compat.Change]]:
    """{frozen release that programs of must go on with this one: what changed since}."""
    found = {}
    for path in frozen(root):
        old = model.load(path)
        if compat.is_same_line(old.version, api.version):
            found[path.parent.name] = compat.compare(old, api, is_out=not is_open(root, old.version))
    return found


def missing(root: Path, api: Api) -> list[str]:
    """Releases of the line, up to this one, that nobody froze: what each of them added would be protected by nothing.

    The first is the oldest that is frozen, or that a function is PAWL_SINCE. An open release has its baseline, too: what
    is merged today is what a program of its next pre-release is made with."""
    found = {compat.release(model.load(path).version) for path in frozen(root)}
    now = compat.release(api.version)
    known = {*found, now, *(compat.release(it.since) for it in api.functions)}
    line = [it for it in known if compat.is_same_line(_said(it), api.version)]
    between = [(now[0], minor) for minor in range(min(line)[1], now[1] + 1)]
    return [_said(it) for it in between if it not in found]


def _said(release: tuple[int, int]) -> str:
    return f"{release[0]}.{release[1]}"


def is_open(root: Path, version: str) -> bool:
    """Whether CHANGELOG.md says of the first release with this major and minor number that it is still to come."""
    major, minor = compat.release(version)
    heading = rf"^## {major}\.{minor}\.0 \(unreleased\)$"
    return re.search(heading, (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE) is not None


def freeze(root: Path, api: Api) -> list[compat.Change]:
    """Makes the headers of now the baseline of their release; gives what differs from the baseline before."""
    home = folder(root, api.version)
    if not is_open(root, api.version):
        raise Refused(home.name, "that release is out: its headers are what programs were made with", "raise the version")
    differs = compat.compare(model.load(home / "api.json"), api) if (home / "api.json").is_file() else []
    shutil.rmtree(home, ignore_errors=True)
    (home / "include/pawl").mkdir(parents=True)
    for header in sorted((root / "include/pawl").glob("*.h")):
        shutil.copyfile(header, home / "include/pawl" / header.name)
    (home / "api.json").write_text(model.to_json(api), encoding="utf-8")
    return differs
