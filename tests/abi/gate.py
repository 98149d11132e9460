"""The binary half of the gate: abidiff of two libraries, by the types that the public headers show."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import stub  # it knows where the generator is

from bindings.gen.model import Api

# Bits of abidiff's exit status: an error, wrong usage, a change, an incompatible change.
FAILED = 1 | 2
CHANGED = 4
INCOMPATIBLE = 8

OPTIONS = ["--drop-private-types", "--no-added-syms", "--no-show-locs"]


@dataclass
class Verdict:
    status: int
    report: str

    @property
    def changed(self) -> bool:
        return bool(self.status & (CHANGED | INCOMPATIBLE))


def diff(old: Path, old_include: Path, new: Path, new_include: Path, rules: Path) -> Verdict:
    """What programs that were linked with `old` see changed in `new`. Functions may be added."""
    command = ["abidiff", *OPTIONS, "--headers-dir1", str(old_include), "--headers-dir2", str(new_include)]
    command += ["--suppressions", str(rules)]
    ran = subprocess.run([*command, str(old), str(new)], capture_output=True, text=True, check=False)
    if ran.returncode & FAILED or ran.returncode < 0:
        raise RuntimeError(f"abidiff failed ({ran.returncode}): {ran.stdout}{ran.stderr}")
    return Verdict(ran.returncode, ran.stdout)


def suppressions(old: Api, new: Api, path: Path) -> Path:
    """Structs that begin with their size may grow at their end: abidiff is told so of those that did, and of no other,
    because such a rule hides every change of a struct in which nothing was inserted."""
    before = {it.name: len(it.fields) for it in old.structs if it.kind != "value"}
    grown = [it.name for it in new.structs if len(it.fields) > before.get(it.name, len(it.fields))]
    rule = "[suppress_type]\n  type_kind = struct\n  name = {}\n  has_data_member_inserted_at = end\n  has_size_change = yes\n"
    path.write_text("\n".join(rule.format(name) for name in grown), encoding="utf-8")
    return path
