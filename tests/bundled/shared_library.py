"""What the file of a shared library promises: it exports PREFIX* alone, needs the C runtime alone, loads at 16 KiB pages,
stays loaded.

    shared_library.py LIBRARY PREFIX CC

CC makes a library that breaks every promise, which must be noticed first.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bindings/java/packaging"))

from elf import PAGE, Elf  # noqa: E402

NEEDED = re.compile(r"(libc|libm|libpthread|libdl|librt)\.so\.\d+|ld-linux[\w.-]*\.so\.\d+")
# The C runtime's versioned names, and what the linker itself and the start-up files leave open.
FROM_C_RUNTIME = re.compile(r"\S+@GLIBC_[\d.]+|__cxa_finalize|__gmon_start__|_ITM_(de)?registerTMCloneTable")


def tool(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exported(library: str) -> list[str]:
    rows = (line.split()[1:] for line in tool("nm", "-D", "--defined-only", library).splitlines())
    return [name.split("@")[0] for kind, name in rows if kind != "A"]  # A: the name of the symbols' version


def imports(library: str) -> list[str]:
    return [line.split()[-1] for line in tool("nm", "-D", "--undefined-only", library).splitlines()]


def oldest_c_library(library: str) -> str:
    versions = re.findall(r"@GLIBC_([\d.]+)", " ".join(imports(library)))
    return max(versions, key=lambda version: [int(part) for part in version.split(".")], default="any")


def violations(library: str, prefix: str) -> list[str]:
    names, elf = exported(library), Elf(Path(library))
    found = [f"exports {name}" for name in names if not name.startswith(prefix)]
    if not any(name.startswith(prefix) for name in names):
        found.append(f"exports no {prefix}*")
    found += [f"takes {name} from somebody" for name in imports(library) if not FROM_C_RUNTIME.fullmatch(name)]
    found += [f"needs {name}" for name in elf.needed() if not NEEDED.fullmatch(name)]
    if elf.load_alignment() < PAGE:
        found.append(f"has a segment that is aligned to {elf.load_alignment():#x}")
    found += [f"has {mark}" for mark in sorted(elf.marks() - {"NODELETE"})]
    if "NODELETE" not in elf.marks():
        found.append("can be unloaded under threads that used it")
    return found


def check_that_it_bites(cc: str, prefix: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        source, library = Path(name) / "planted.c", Path(name) / "libplanted.so"
        source.write_text("int stranger(void);\nint leaked(void) { return stranger(); }\n")
        subprocess.run([cc, "-shared", "-fPIC", "-Wl,-z,max-page-size=4096", "-Wl,-rpath,/nowhere", "-Wl,--no-as-needed",
                        "-o", library, source, "-lgcc_s"], check=True)
        found = violations(str(library), prefix)
    for expected in ("exports leaked", f"exports no {prefix}*", "takes stranger", "needs libgcc_s", "0x1000", "PATH",
                     "can be unloaded"):
        if not any(expected in violation for violation in found):
            raise SystemExit(f"not noticed in a planted library: {expected!r}; found {found}")


def main() -> int:
    library, prefix, cc = sys.argv[1:]
    check_that_it_bites(cc, prefix)
    found = violations(library, prefix)
    for violation in found:
        print(f"{library} {violation}")
    if not found:
        print(f"{library} needs {', '.join(Elf(Path(library)).needed())}, at the least glibc {oldest_c_library(library)}, and takes "
              "from there:", *sorted(imports(library)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
