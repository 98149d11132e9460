"""Without a JDK or CPython's headers there are no tests of Java or Python. That must not look like success."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from checkout import SOURCE

MISSING = Path(__file__).with_name("missing.py")
WITHOUT = ["-DCMAKE_DISABLE_FIND_PACKAGE_JNI=ON", "-DPython3_INCLUDE_DIR=/nowhere", "-DPAWL_WERROR=OFF"]


def listed(folder: str, *options: str) -> set[str]:
    """The names of the tests of a folder that is configured so."""
    made = subprocess.run(["cmake", "-S", SOURCE, "-B", folder, "-G", "Ninja", *options], capture_output=True, text=True,
                          timeout=500)
    if made.returncode != 0:
        raise AssertionError(made.stderr)
    tests = subprocess.run(["ctest", "-N"], cwd=folder, capture_output=True, text=True, check=True, timeout=100)
    return {line.split()[-1] for line in tests.stdout.splitlines() if " #" in line}


class MissingTest(unittest.TestCase):
    def test_a_test_stands_for_those_that_could_not_be_built(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            tests = listed(folder, *WITHOUT)
            self.assertLessEqual({"java_missing", "python_missing"}, tests)
            self.assertNotIn("java_packaging", tests)
            tests = listed(folder, "-UCMAKE_DISABLE_FIND_PACKAGE_JNI", "-UPython3_INCLUDE_DIR", "-DPAWL_JUNIT=")
            self.assertIn("java_missing", tests, "JUnit is missing alone")
            self.assertNotIn("python_missing", tests)
            tests = listed(folder, "-UPAWL_JUNIT", "-DPAWL_PROGUARD=")
            self.assertIn("proguard_missing", tests, "ProGuard is missing alone")
            self.assertIn("java_packaging", tests)
            self.assertNotIn("java_minified", tests)

    def test_it_fails_and_says_what_to_install(self) -> None:
        done = subprocess.run(["python3", MISSING, "Java", "default-jdk-headless", "junit5"], capture_output=True, text=True,
                              timeout=100, env={**os.environ, "PATH": self.programs("dpkg-query")})
        self.assertEqual(done.returncode, 1)
        self.assertIn("Install default-jdk-headless and junit5 (./dev setup does)", done.stdout)

    def test_where_packages_are_not_debians_it_counts_as_skipped(self) -> None:
        done = subprocess.run(["python3", MISSING, "Java", "junit5"], capture_output=True, text=True, timeout=100,
                              env={**os.environ, "PATH": self.programs()})
        self.assertEqual(done.returncode, 77)
        self.assertIn("Install junit5", done.stdout)

    def programs(self, *names: str) -> str:
        """A folder with Python and these."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        python = subprocess.run(["python3", "-c", "import sys; print(sys.executable)"], capture_output=True, text=True, check=True)
        (folder / "python3").symlink_to(python.stdout.strip())
        for name in names:
            (folder / name).write_text("#!/bin/sh\n")
            (folder / name).chmod(0o755)
        return str(folder)


if __name__ == "__main__":
    unittest.main()
