"""tools/size.py, which fails the build of a library that is too heavy, on small ones of our own: size_test.py CC."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))

import size  # noqa: E402

CC = "cc"


class SizeTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.build = Path(folder.name)
        self.sizes = {name: self.link(name) for name in ("pawl_core", "pawl")}

    def link(self, name: str) -> int:
        """A library with debugging information, which does not count, and its map."""
        library, source = self.library(name), self.build / f"{name}.c"
        source.write_text("int pawl_nothing(void);\nint pawl_nothing(void) { return 0; }\n")
        map_file = f"-Wl,-Map={self.build / name}.linked"
        subprocess.run([CC, "-g", "-shared", "-fPIC", "-nostdlib", "-o", library, source, map_file], check=True)
        self.assertLess(size.stripped_size(library), library.stat().st_size)
        return size.stripped_size(library)

    def library(self, name: str) -> Path:
        return self.build / f"lib{name}.so"

    def weigh(self, **budgets: int) -> subprocess.CompletedProcess[str]:
        rows = [f"{name} {budget} {self.library(name)} {self.build / name}.linked\n" for name, budget in budgets.items()]
        (self.build / "slices.txt").write_text("".join(rows))
        return subprocess.run([sys.executable, TOOLS / "size.py", self.build], capture_output=True, text=True, check=False)

    def test_what_weighs_its_budget_passes(self) -> None:
        weighed = self.weigh(**self.sizes)
        self.assertEqual((weighed.returncode, weighed.stderr), (0, ""))
        self.assertEqual(weighed.stdout.count("within its budget"), 2)

    def test_one_byte_more_fails_in_either_slice(self) -> None:
        for name in self.sizes:
            weighed = self.weigh(**{**self.sizes, name: self.sizes[name] - 1})
            self.assertEqual(weighed.returncode, 1, name)
            self.assertIn(f"lib{name}.so: {self.sizes[name]:,} bytes stripped, ABOVE its budget", weighed.stdout)

    def test_a_slice_that_is_not_listed_fails(self) -> None:
        for name in self.sizes:
            weighed = self.weigh(**{it: budget for it, budget in self.sizes.items() if it != name})
            self.assertEqual(weighed.returncode, 1, name)
            self.assertIn(f"does not have the slice {name}\n", weighed.stderr)

    def test_a_slice_that_was_not_built_fails(self) -> None:
        self.library("pawl").unlink()
        weighed = self.weigh(**self.sizes)
        self.assertEqual(weighed.returncode, 1)
        self.assertIn("libpawl.so", weighed.stderr)


if __name__ == "__main__":
    CC = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
