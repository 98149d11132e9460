"""Where a JVM of 24 or later denies native code to whom it was not allowed: python3 access_test.py JAVA CLASSES LIBRARY.

Looks for such a JVM beside the one that is given; skipped (77) where there is none.
"""

import re
import subprocess
import sys
from pathlib import Path

FIRST = 24


def release(home: Path) -> int:
    said = home / "release"
    found = re.search(r'^JAVA_VERSION="(\d+)', said.read_text(), re.MULTILINE) if said.is_file() else None
    return int(found[1]) if found else 0


def newest(java: Path) -> Path | None:
    home = java.resolve().parents[1]
    homes = [home, *home.parent.iterdir()]
    best = max(homes, key=release)
    return best / "bin/java" if release(best) >= FIRST else None


def complaint(java: Path, classes: str, library: str, *options: str) -> tuple[int, str]:
    command = [java, *options, f"-Dorg.pawl.library.path={library}", "-cp", classes, "org.pawl.Guest", "version"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(*command[:3], done.stdout, sep="\n")
    return done.returncode, done.stdout


def main() -> int:
    java, classes, library = sys.argv[1:4]
    chosen = newest(Path(java))
    if chosen is None:
        print(f"skipped: there is no JVM of {FIRST} or later beside {java}")
        return 77
    deny = "--illegal-native-access=deny"
    status, said = complaint(chosen, classes, library, deny)
    assert status == 1 and "UnsatisfiedLinkError" in said and "--enable-native-access=ALL-UNNAMED" in said, "not said how to allow it"
    assert "ExceptionInInitializerError" not in said
    status, said = complaint(chosen, classes, library, deny, "--enable-native-access=ALL-UNNAMED")
    assert status == 0 and said.startswith("Pawl "), "not loaded although it is allowed"
    return 0


if __name__ == "__main__":
    sys.exit(main())
