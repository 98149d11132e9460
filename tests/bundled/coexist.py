"""libpawl in one process with Python's sqlite3, OpenSSL, libsodium and the C++ library: no symbol of one meets another.

    coexist.py LIBPAWL CC

Every order of loading, both modes of dlopen, and everything preloaded. The dynamic linker itself is the witness: with
LD_DEBUG=bindings it says which file's reference was bound to which file's definition.
"""

import ctypes.util
import itertools
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

OTHERS = ["sqlite3", "crypto", "ssl", "sodium", "websockets", "stdc++"]
C_RUNTIME = re.compile(r"/(libc|libm|libpthread|libdl|librt)\.so|/ld-(linux|musl)[^/]*\.so|linux-vdso|/libc\.musl")
BINDING = re.compile(r"binding file (\S+) \[\d+\] to (\S+) \[\d+\]: \w+ symbol `([^']+)'")
GUEST = Path(__file__).with_name("guest.py")


@dataclass(frozen=True)
class Scenario:
    order: str
    others_mode: str
    pawl_mode: str
    preloaded: bool


def scenarios() -> list[Scenario]:
    modes = ("LOCAL", "GLOBAL")
    return [Scenario(*choice) for choice in itertools.product(("before", "after"), modes, modes, (False, True))]


def system_libraries() -> list[str]:
    found = {name: ctypes.util.find_library(name) for name in OTHERS}
    missing = [name for name, library in found.items() if library is None]
    if missing:
        sys.exit(f"not on this system: {missing}; run ./dev setup bundled")
    return [library for library in found.values() if library]


def bindings_of(command: list[str], folder: Path, preload: str) -> set[tuple[str, str, str]]:
    """(who asked, who answered, symbol) of all that the dynamic linker bound while the command ran and succeeded."""
    environment = dict(os.environ, LD_DEBUG="bindings", LD_DEBUG_OUTPUT=str(folder / "bound"), LD_BIND_NOW="1")
    if preload:
        environment["LD_PRELOAD"] = preload
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr[-4000:]}")
    logs = [path.read_text(errors="replace") for path in folder.glob("bound.*")]
    return {match.groups() for log in logs for match in BINDING.finditer(log)}  # type: ignore[misc]


def meetings(bindings: set[tuple[str, str, str]], ours: Path) -> list[str]:
    """Where a reference of ours was answered by anybody but us and the C runtime, or somebody else's by us."""
    name = ours.name
    met = []
    for asked, answered, symbol in sorted(bindings):
        of_ours, by_us = Path(asked).name == name, Path(answered).name == name
        if of_ours and not by_us and not C_RUNTIME.search(answered):
            met.append(f"our {symbol} was answered by {answered}")
        if by_us and not of_ours:
            met.append(f"{asked} got our {symbol}")
        if of_ours and by_us and not symbol.startswith("pawl_"):
            met.append(f"our {symbol} can be taken over")
    return met


def run(library: Path, scenario: Scenario, others: list[str]) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, str(GUEST), str(library), scenario.order, scenario.others_mode, scenario.pawl_mode,
                   name, *others]
        bindings = bindings_of(command, folder, ":".join(others) if scenario.preloaded else "")
    if not any(Path(asked).name == library.name for asked, _, _ in bindings):
        return ["the dynamic linker reported nothing about us: no witness"]
    return meetings(bindings, library)


def planted(folder: Path, cc: str) -> Path:
    """A library that does it wrong: it exports a function of SQLite's and calls it through its own table."""
    source, library = folder / "leaky.c", folder / "libleaky.so"
    source.write_text("const char *sqlite3_libversion(void) { return \"planted\"; }\n"
                      "const char *leaky(void) { return sqlite3_libversion(); }\n")
    subprocess.run([cc, "-shared", "-fPIC", "-O0", "-o", library, source], check=True)
    return library


def check_that_it_bites(cc: str, others: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        library = planted(Path(name), cc)
        command = [sys.executable, "-c", "import ctypes, sys; ctypes.CDLL(sys.argv[1]).leaky()", str(library)]
        met = meetings(bindings_of(command, Path(name), ":".join(others)), library)
    if not any("sqlite3_libversion" in meeting for meeting in met):
        raise SystemExit(f"a library that leaks was not noticed: {met}")


def main() -> int:
    library, others = Path(sys.argv[1]).resolve(), system_libraries()
    check_that_it_bites(sys.argv[2], others)
    failed = 0
    for scenario in scenarios():
        met = run(library, scenario, others)
        print(f"{'MET' if met else 'apart'}: {scenario}", *met, sep="\n  " if met else "")
        failed += bool(met)
    print(f"{library.name} beside {', '.join(others)}: {len(scenarios())} ways to load them, {failed} with a meeting")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
