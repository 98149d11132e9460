"""What the slices of the bundled build weigh, stripped, against their budgets; 1 when one of them is too heavy.

The parts are read from the linker's map: which bytes of the library came out of which archive, and which of them the
compiler made of a template of FlatBuffers, Abseil or the C++ library inside our own objects.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ARCHIVES = {
    "libsodium.a": "libsodium",
    "libsqlcipher_small.a": "SQLCipher",
    "libcrypto.a": "libcrypto",
    "libssl.a": "libssl",
    "libwebsockets.a": "libwebsockets",
    "libabsl.a": "Abseil",
    "libstdc++.a": "libstdc++, libgcc",
    "libgcc_eh.a": "libstdc++, libgcc",
    "libgcc.a": "libstdc++, libgcc",
}
TEMPLATES = [
    (re.compile(r"_ZN[KVRO]*11flatbuffers"), "FlatBuffers"),
    (re.compile(r"_ZN[KVRO]*4absl"), "Abseil"),
    (re.compile(r"_Z(N[KVRO]*)?(St|Sa|Ss|9__gnu_cxx)"), "libstdc++, libgcc"),
]
# The slices that docs/bundled.md promises a size of.
PROMISED = {"pawl_core", "pawl"}
OURS = "Pawl"
LINKER = "symbols, relocations, padding"
# Not in the file, or not after stripping.
ABSENT = re.compile(r"\.(t?bss|debug|comment|symtab|strtab|shstrtab|note\.GNU-stack|gnu\.lto|stab)")


@dataclass(frozen=True)
class Slice:
    name: str
    budget: int
    library: Path
    map: Path


def slices_of(build: Path) -> list[Slice]:
    rows = (line.split() for line in (build / "slices.txt").read_text().splitlines())
    slices = [Slice(name, int(budget), Path(library), Path(map)) for name, budget, library, map in rows]
    for name in sorted(PROMISED - {it.name for it in slices}):
        raise SystemExit(f"size.py: {build / 'slices.txt'} does not have the slice {name}")
    return slices


def stripped_size(library: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / library.name
        shutil.copyfile(library, copy)
        subprocess.run(["strip", "--strip-all", copy], check=True)
        return copy.stat().st_size


def component_of(section: str, origin: str) -> str:
    archive = re.search(r"([^/]+\.a)\(", origin)
    if archive and archive[1] in ARCHIVES:
        return ARCHIVES[archive[1]]
    for pattern, component in TEMPLATES:
        if pattern.search(section):
            return component
    # What is not of an archive of ours was made by the linker or belongs to the start-up files.
    return OURS if re.search(r"libpawl_\w+\.a\(|\.cc\.o$", origin) else LINKER


def contributions(map_text: str) -> list[tuple[str, int, str]]:
    """(input section, bytes, file) of all that is in the library."""
    placed = map_text[map_text.index("\nLinker script and memory map"):]
    placed = re.sub(r"^( \.\S+)\n\s+(?=0x)", r"\1 ", placed, flags=re.M)  # a long name has a line of its own
    lines = re.findall(r"^ (\.\S+|COMMON) +0x([0-9a-f]+) +0x([0-9a-f]+) (\S.*)$", placed, flags=re.M)
    return [(section, int(size, 16), origin) for section, address, size, origin in lines
            if int(address, 16) and not ABSENT.match(section) and section != "COMMON"]


def parts_of(slice: Slice, total: int) -> Counter[str]:
    parts: Counter[str] = Counter()
    for section, size, origin in contributions(slice.map.read_text()):
        parts[component_of(section, origin)] += size
    parts[LINKER] += total - parts.total()
    return parts


def print_slice(slice: Slice, total: int) -> None:
    verdict = "within" if total <= slice.budget else "ABOVE"
    print(f"{slice.library.name}: {total:,} bytes stripped, {verdict} its budget of {slice.budget:,}")
    for component, size in parts_of(slice, total).most_common():
        print(f"  {size:>10,}  {100 * size / total:4.1f} %  {component}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="folder of the preset bundled, built")
    too_heavy = False
    for slice in slices_of(parser.parse_args().build):
        total = stripped_size(slice.library)
        print_slice(slice, total)
        too_heavy |= total > slice.budget
    return 1 if too_heavy else 0


if __name__ == "__main__":
    sys.exit(main())
