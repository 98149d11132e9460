"""A checkout of which set-up builds one toy library, with a cache of its own."""

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]


class Case(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root, self.cache = Path(folder.name, "checkout"), Path(folder.name, "cache")
        shutil.copytree(SOURCE / "tools/setup", self.root / "tools/setup")
        self.tarball = Path(folder.name, "toy.tar.gz")
        Path(folder.name, "toy").write_text("what the toy is made from\n")
        with tarfile.open(self.tarball, "w:gz") as archive:
            archive.add(Path(folder.name, "toy"), "toy-1/toy")
        self.accept("1.0", self.tarball)
        self.recipe('cp "$1/toy" "$2/toy"')

    def accept(self, version: str, tarball: Path) -> None:
        row = f"toy {version} {hashlib.sha256(tarball.read_bytes()).hexdigest()} a toy\n"
        (self.root / "tools/setup/tarballs.txt").write_text(row)

    def recipe(self, commands: str) -> None:
        (self.root / "tools/setup/recipe-toy.sh").write_text(f"build_toy() {{\n{commands}\n}}\n")

    def environment(self, **more: str) -> dict[str, str]:
        own = {"root": str(self.root), "PAWL_CACHE": str(self.cache), "PAWL_TOY_TARBALL": str(self.tarball)}
        return {**os.environ, **own, **more}

    def started(self, script: str, **more: str) -> subprocess.Popen[str]:
        """The script in the checkout, the parts of set-up at hand."""
        parts = '. tools/setup/setup.sh; . tools/setup/build_preset.sh; jobs=1\n'
        return subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", parts + script], cwd=self.root, env=self.environment(**more), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip

    def run_script(self, script: str, status: int = 0, **more: str) -> str:
        process = self.started(script, **more)
        said = process.communicate(timeout=100)[0]
        self.assertEqual(process.returncode, status, said)
        return said

    def trees(self) -> list[Path]:
        """What stands in the cache beside set-up's own folders."""
        return sorted(it for it in self.cache.iterdir() if it.name not in ("log", "work", "tarballs"))
