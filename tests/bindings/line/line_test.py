"""A program that says which libpawl it has, with libraries that call themselves of other releases: line_test.py CC PROGRAM….

It runs with this release and later ones of its line, which is a minor version before 1.0, and refuses all others.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HEADER = Path(__file__).resolve().parents[3] / "include/pawl/version.h"
MAJOR, MINOR, PATCH = (int(re.search(rf"PAWL_VERSION_{it} (\d+)", HEADER.read_text())[1]) for it in ("MAJOR", "MINOR", "PATCH"))
CC, PROGRAM = "", [""]


def number(*release: int) -> int:
    return release[0] * 1_000_000 + release[1] * 1_000 + release[2]


class LineTest(unittest.TestCase):
    def run_with(self, *release: int) -> subprocess.CompletedProcess[str]:
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "other.c").write_text(f"unsigned pawl_version(void) {{ return {number(*release)}; }}\n"
                                        f'const char *pawl_version_string(void) {{ return "{".".join(map(str, release))}"; }}\n')
        subprocess.run([CC, "-shared", "-fPIC", "-o", folder / "other.so", folder / "other.c"], check=True)
        return subprocess.run(PROGRAM, env={**os.environ, "LD_PRELOAD": str(folder / "other.so")}, capture_output=True,
                              text=True, timeout=100)

    def test_it_runs_with_this_release_and_later_ones_of_its_line(self) -> None:
        later = [(MAJOR, MINOR, PATCH), (MAJOR, MINOR, PATCH + 1)] + ([(MAJOR, MINOR + 1, 0)] if MAJOR else [])
        for release in later:
            done = self.run_with(*release)
            self.assertEqual((done.returncode, done.stdout.strip()), (0, str(number(*release))), done.stderr)

    def test_it_refuses_releases_of_other_lines(self) -> None:
        others = [(MAJOR + 1, 0, 0)] + ([] if MAJOR else [(0, MINOR + 1, 0)])
        for release in others:
            done = self.run_with(*release)
            self.assertEqual((done.returncode, done.stdout), (1, ""), release)
            self.assertIn("libpawl " + ".".join(map(str, release)), done.stderr)

    def test_it_refuses_an_older_library(self) -> None:
        done = self.run_with(0, 0, 9)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("libpawl 0.0.9", done.stderr)


if __name__ == "__main__":
    CC, *PROGRAM = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
