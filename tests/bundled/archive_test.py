"""The merged archive, whose global names are the C ABI's and no others: archive_test.py ARCHIVE CXX OBJCOPY NM AR."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
CODE = """
extern "C" int pawl_internal() { static int calls; return ++calls; }
template <class T> inline T held = 1;
inline int shared_by_all() { return held<int>; }
extern "C" int pawl_asked_for() { return pawl_internal() + shared_by_all(); }
"""
ARCHIVE, TOOLS = "", [""]


def names(archive: Path | str) -> list[str]:
    listed = subprocess.run([TOOLS[2], "--defined-only", "--extern-only", archive], capture_output=True, text=True, check=True)
    return sorted(row.split()[2] for row in listed.stdout.splitlines() if len(row.split()) == 3)


class ArchiveTest(unittest.TestCase):
    def test_what_was_asked_for_is_global_and_nothing_else(self) -> None:
        cxx, _, _, ar = TOOLS
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "code.cc").write_text(CODE)
        subprocess.run([cxx, "-std=c++20", "-fPIC", "-O0", "-c", "-o", folder / "code.o", folder / "code.cc"], check=True)
        subprocess.run([ar, "rcs", folder / "libcode.a", folder / "code.o"], check=True)
        merge = ["bash", SOURCE / "cmake/merge_archive.sh", folder / "merged.a", *TOOLS]
        subprocess.run([*merge, "-Wl,-u,pawl_asked_for", folder / "libcode.a"], check=True)
        self.assertEqual(names(folder / "merged.a"), ["pawl_asked_for"])

    def test_the_librarys_archive_has_every_function_of_the_abi(self) -> None:
        functions = re.findall(r"^ +(pawl_\w+);", (SOURCE / "src/capi/pawl.map").read_text(), re.M)
        self.assertEqual(names(ARCHIVE), sorted(functions))


if __name__ == "__main__":
    ARCHIVE, *TOOLS = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
