"""What the emitters make of a header with every shape in it: Java and C glue that compile without a warning, and together
bring every value to a library and back: python3 shapes_test.py CC JAVAC JAVA INCLUDE…

The header and the library are those of tests/bindings/small.
"""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bindings")]

from headers import SMALL, small_library  # noqa: E402

from bindings.gen.emit import java  # noqa: E402
from bindings.gen.emit.java_names import GLUE, PLUMBING, SOURCES  # noqa: E402
from bindings.gen.naming import camel  # noqa: E402

CC, JAVAC, JAVA, INCLUDES = "", "", "", []
# By hand, and about the events of the real headers and where their library is.
BESIDE = {
    "EventPump": """final class EventPump {
  static final EventPump ONLY = new EventPump();
  private final Requests requests = new Requests();
  Requests requests() { return requests; }
}""",
    "Requests": """final class Requests {
  static long last;
  java.util.concurrent.CompletableFuture<Void> done(long id) { last = id; return null; }
  java.util.concurrent.CompletableFuture<byte[]> data(long id) { last = id; return null; }
}""",
    "Failures": """final class Failures {
  static RuntimeException of(Unpacker reply) {
    reply.int64();
    ErrorInfo info = ErrorInfo.read(reply);
    return (RuntimeException) FailureTypes.make(
        new FailureDetails(info.status(), info.retryable(), info.retryAfterMs(), info.message()));
  }
}""",
    "NativeLibrary": """final class NativeLibrary {
  static { System.load(System.getProperty("library")); }
  static void load() {}
}""",
}
SHARED = "Handle Peer Cleaner Threads Unpacker Packer Wiped NativeBytes Page PawlFailure FailureDetails".split()
# Who brings the completions: an object of small.h has no client above it.
OF_PARENT, OF_ALL = "parent == null ? null : parent.pump()", "EventPump.ONLY"


class ShapesTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.api = small_library(self.root)
        for path, text in java.emit(self.api).items():
            self.write(path, text)
        for name in SHARED:
            text = (ROOT / SOURCES / f"{name}.java").read_text(encoding="utf-8")
            self.assertIn(OF_PARENT if name == "Handle" else "", text)
            self.write(f"{SOURCES}/{name}.java", text.replace(OF_PARENT, OF_ALL))
        for name, text in BESIDE.items():
            self.write(f"{SOURCES}/{name}.java", f"package org.pawl;\n\n{text}\n")

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def run_quietly(self, *command: object) -> str:
        done = subprocess.run([str(it) for it in command], capture_output=True, text=True, check=False, timeout=300)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def build_library(self) -> Path:
        for name in ("glue.h", "glue.c"):
            shutil.copy(ROOT / GLUE / name, self.root / GLUE)
        library, sources = self.root / "libsmall.so", sorted((self.root / GLUE).glob("*.c"))
        self.assertGreaterEqual(len(sources), 6)
        flags = [f"-I{it}" for it in [self.root / "include", self.root / GLUE, *INCLUDES]]
        self.run_quietly(CC, "-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Wno-sign-conversion", "-Wshadow", *flags,
                         "-shared", "-fPIC", "-o", library, *sources, SMALL / "small.c")  # fmt: skip
        return library

    def build_classes(self) -> Path:
        classes, sources = self.root / "classes", sorted((self.root / SOURCES).glob("*.java"))
        self.run_quietly(JAVAC, "--release", "8", "-encoding", "UTF-8", "-Xlint:all,-options", "-Werror", "-d", classes,
                         *sources, SMALL / "Called.java")  # fmt: skip
        return classes

    def test_every_value_comes_through(self) -> None:
        """And neither compiler has a warning to give."""
        said = self.run_quietly(JAVA, "-Xcheck:jni", f"-Dlibrary={self.build_library()}", "-cp", self.build_classes(), "org.pawl.Called")
        self.assertEqual(said, "every shape came through\n")

    def test_each_function_is_called(self) -> None:
        text = (SMALL / "Called.java").read_text(encoding="utf-8")
        for function in self.api.functions:
            if function.role in ("method", "factory", "free", "close") and function.name not in PLUMBING:
                self.assertRegex(text, rf"(\.|::){camel(function.method)}\b")


if __name__ == "__main__":
    CC, JAVAC, JAVA, INCLUDES = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
