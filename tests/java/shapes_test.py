"""Every shape of the dialect in Java and its C glue compiles: python3 shapes_test.py CC JAVAC INCLUDE…

The headers are those of tests/bindings/small, which nothing implements: what is checked is that the emitters say something
that the compilers take, without a warning, for each shape.
"""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bindings")]

from headers import read_text  # noqa: E402

from bindings.gen.emit import java  # noqa: E402
from bindings.gen.emit.java_names import GLUE, SOURCES  # noqa: E402

CC, JAVAC, INCLUDES = "", "", []
SMALL = (ROOT / "tests/bindings/small/small.h").read_text(encoding="utf-8")
# By hand, and about the events and errors of the real headers.
BESIDE = {
    "EventPump": "final class EventPump { Requests requests() { return null; } }",
    "Requests": """final class Requests {
  java.util.concurrent.CompletableFuture<Void> done(long id) { return null; }
  java.util.concurrent.CompletableFuture<byte[]> data(long id) { return null; }
}""",
    "Failures": "final class Failures { static RuntimeException of(Unpacker reply) { return new IllegalStateException(); } }",
}
SHARED = (
    "Handle Peer Cleaner Threads Unpacker Packer Wiped NativeBytes Page PawlFailure FailureDetails NativeLibrary LibraryLoader ExtractedLibrary"
    " Platform"
).split()


class ShapesTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for path, text in java.emit(read_text(SMALL)).items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")

    def run_quietly(self, *command: object) -> None:
        done = subprocess.run([str(it) for it in command], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_glue_compiles(self) -> None:
        include = self.root / "include/pawl"
        include.mkdir(parents=True)
        shutil.copy(ROOT / "include/pawl/export.h", include)
        (include / "pawl.h").write_text(SMALL, encoding="utf-8")
        shutil.copy(ROOT / GLUE / "glue.h", self.root / GLUE)
        sources = sorted((self.root / GLUE).glob("*.c"))
        self.assertGreaterEqual(len(sources), 5)
        flags = [f"-I{it}" for it in [self.root / "include", self.root / GLUE, *INCLUDES]]
        for source in sources:
            self.run_quietly(CC, "-std=c11", "-fsyntax-only", "-Wall", "-Wextra", "-Wconversion", "-Wno-sign-conversion", "-Wshadow",
                             *flags, source)  # fmt: skip

    def test_the_classes_compile(self) -> None:
        for name in SHARED:
            shutil.copy(ROOT / SOURCES / f"{name}.java", self.root / SOURCES)
        for name, text in BESIDE.items():
            (self.root / SOURCES / f"{name}.java").write_text(f"package org.pawl;\n\n{text}\n", encoding="utf-8")
        sources = sorted((self.root / SOURCES).glob("*.java"))
        self.run_quietly(JAVAC, "--release", "8", "-Xlint:all,-options", "-Werror", "-d", self.root / "classes", *sources)
        for name in ("Lamp", "LampOptions", "Glow", "Glows", "Ray", "Colour", "LampFlag"):
            self.assertTrue((self.root / f"classes/org/pawl/{name}.class").is_file(), name)


if __name__ == "__main__":
    CC, JAVAC, INCLUDES = sys.argv[1], sys.argv[2], sys.argv[3:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
