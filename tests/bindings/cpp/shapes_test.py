"""Generates C++ for shapes.h, compiles it without a warning and runs it: python3 shapes_test.py CC CXX [FLAG…]."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from bindings.gen.emit import cpp  # noqa: E402
from bindings.gen.model import Api  # noqa: E402
from bindings.gen.reader import read  # noqa: E402

CC, CXX, FLAGS = "cc", "c++", [""]
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
HAND_WRITTEN = ["export.h", "result.hpp", "detail/call.hpp"]


class ShapesTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        self.include = self.path / "include"
        for name in HAND_WRITTEN:
            self.write(f"include/pawl/{name}", (ROOT / "include/pawl" / name).read_text(encoding="utf-8"))
        shutil.copy(HERE / "shapes.h", self.include / "pawl/lamp.h")
        shutil.copy(HERE / "shapes_ray.h", self.include / "pawl/ray.h")
        self.write("include/pawl/pawl.h", _guarded("PAWL_PAWL_H_", "lamp.h", "ray.h"))
        self.api: Api = read(self.include / "pawl/pawl.h", self.include)
        # result.hpp wants what it knows by name from here.
        self.write("include/pawl/status.h", _guarded("PAWL_STATUS_H_", "lamp.h"))
        self.files = cpp.emit(self.api)
        for path, text in self.files.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        (self.path / path).parent.mkdir(parents=True, exist_ok=True)
        (self.path / path).write_text(text, encoding="utf-8")

    def compile(self, compiler: str, standard: str, *arguments: str) -> None:
        command = [compiler, standard, *STRICT, *FLAGS, f"-I{self.include}", *arguments]
        done = subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=False, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)

    def run_shapes(self, *flags: str) -> str:
        self.compile(CC, "-std=c11", "-c", str(HERE / "shapes.c"), "-o", "c.o")
        self.compile(CXX, "-std=c++20", *flags, str(HERE / "shapes.cc"), "c.o", "-o", "shapes")
        done = subprocess.run([str(self.path / "shapes")], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_every_shape_comes_through(self) -> None:
        self.assertEqual(self.run_shapes(), "every shape came through\n")

    def test_it_needs_neither_exceptions_nor_type_information(self) -> None:
        self.assertEqual(self.run_shapes("-fno-exceptions", "-fno-rtti"), "every shape came through\n")

    def test_each_header_compiles_alone_and_twice(self) -> None:
        for number, path in enumerate(sorted(self.files)):
            with self.subTest(path):
                name = path.removeprefix("include/")
                self.write(f"{number}.cc", f'#include "{name}"\n#include "{name}"\n')
                self.compile(CXX, "-std=c++20", "-fsyntax-only", f"{number}.cc")

    def test_no_generated_header_is_longer_than_a_file_may_be(self) -> None:
        for path in [*(ROOT / "include/pawl").glob("*.hpp"), *(ROOT / "include/pawl/detail").glob("*.hpp")]:
            self.assertLessEqual(len(path.read_text(encoding="utf-8").splitlines()), 400, path)

    def test_the_fixture_has_every_shape_of_the_lock(self) -> None:
        lock = read(ROOT / "include/pawl/pawl.h", ROOT / "include")
        for shapes in (_params, _fields, _returns):
            self.assertEqual(shapes(lock) - shapes(self.api), set())


def _guarded(guard: str, *names: str) -> str:
    return f"#ifndef {guard}\n#define {guard}\n" + "".join(f'#include "pawl/{it}"\n' for it in names) + "#endif\n"


def _params(api: Api) -> set[tuple[str, bool]]:
    return {(param.shape, param.nullable) for it in api.functions for param in it.params}


def _fields(api: Api) -> set[tuple[str, str]]:
    return {("options", field.shape) for it in api.structs if it.kind == "options" for field in it.fields}


def _returns(api: Api) -> set[tuple[str, str]]:
    return {(it.returns, it.role) for it in api.functions}


if __name__ == "__main__":
    CC, CXX, FLAGS = sys.argv[1], sys.argv[2], sys.argv[3:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
