"""What the emitters make of a header with every shape in it: C that compiles without a warning, Python that mypy takes, and
the two together bring every value to a library and back: python3 shapes_test.py CC."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(SOURCE), str(SOURCE / "tests/bindings")]

from bindings.gen.emit import python  # noqa: E402
from bindings.gen.errors import Refused  # noqa: E402
from headers import SMALL, header, read_text, small_library  # noqa: E402
from odd_functions import param  # noqa: E402

# Options that a view shows, so that they are a class in Python.
SHOWN = """
typedef struct PAWL_OPTIONS pawl_aa { uint32_t struct_size; uint32_t watts; } pawl_aa;
#define PAWL_AA_INIT { sizeof(pawl_aa), 0 }
typedef struct PAWL_VIEW pawl_vv { uint32_t struct_size; uint32_t n; const pawl_aa* a; } pawl_vv;
typedef struct pawl_vvs pawl_vvs;
PAWL_API size_t pawl_vvs_count(const pawl_vvs* vvs) PAWL_NOEXCEPT PAWL_SINCE("0.1");
PAWL_API const pawl_vv* pawl_vvs_at(const pawl_vvs* vvs, size_t index) PAWL_NOEXCEPT PAWL_SINCE("0.1");
PAWL_API void pawl_vvs_release(pawl_vvs* vvs) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");
"""
STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Wno-sign-conversion", "-Werror"]
CC = "cc"


class ShapesTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        self.small = (SMALL / "small.h").read_text(encoding="utf-8")
        self.files = python.emit(read_text(self.small))
        for path, text in self.files.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        (self.path / path).parent.mkdir(parents=True, exist_ok=True)
        (self.path / path).write_text(text, encoding="utf-8")

    def test_every_value_comes_through(self) -> None:
        """And the compiler has no warning to give."""
        api = small_library(self.path)
        for path, text in python.emit(api).items():
            self.write(path, text)
        home, by_hand = self.path / "bindings/python", SOURCE / "bindings/python"
        for path in [*(by_hand / "src").glob("*.[ch]"), *(by_hand / "pawl" / it for it in ("_base.py", "_types.py"))]:
            shutil.copy(path, home / path.parent.name)
        sources = [*sorted(home.glob("src/*.c")), *sorted(home.glob("src/generated/*.c")), SMALL / "small.c"]
        flags = [f"-I{self.path}/include", "-isystem", sysconfig.get_path("include"), "-DPy_LIMITED_API=0x030B0000"]
        self.run_quietly(CC, *STRICT, *flags, "-shared", "-fPIC", "-o", home / "pawl/_pawl.abi3.so", *sources)
        said = self.run_quietly(sys.executable, "-X", "dev", SMALL / "called.py", PYTHONPATH=str(home))
        self.assertEqual(said, "every shape came through\n")
        text = (SMALL / "called.py").read_text(encoding="utf-8")
        for function in api.functions:
            if function.role in ("method", "factory", "free") and function.name != "pawl_last_error":
                self.assertIn(f".{function.method}", text, "called.py calls each function")

    def run_quietly(self, *command: object, **environment: str) -> str:
        done = subprocess.run(
            [str(it) for it in command], env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=300
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_a_record_that_may_be_null_is_null_when_it_is_left_out_as_when_it_is_none(self) -> None:
        files = python.emit(read_text(header(SHOWN + param("int32_t level, const pawl_aa* a PAWL_NULLABLE"))))
        text = files["bindings/python/src/generated/small.c"]
        self.assertIn("in_level, call->given[1] == NULL || call->given[1] == Py_None ? NULL : &in_a)", text)

    def test_the_stubs_and_modules_are_valid(self) -> None:
        for path, text in self.files.items():
            if path.endswith((".py", ".pyi")):
                with self.subTest(path):
                    compile(text, path, "exec")

    def test_mypy_takes_the_stubs_and_modules(self) -> None:
        self.assertIn("Success", self.mypy(self.package(self.small)))

    def test_mypy_sees_what_the_stubs_lack(self) -> None:
        package = self.package(self.small)
        stub = package / "_pawl.pyi"
        stub.write_text(stub.read_text(encoding="utf-8").replace("class Lamp:", "class Lump:"), encoding="utf-8")
        self.assertIn('Module "pawl._pawl" has no attribute "Lamp"', self.mypy(package))

    def package(self, header: str) -> Path:
        """The package that is made of the header, with the hand-written modules below it. pawl.aio is left out: it is
        about the events of a client, which this header has none of; python_typing_test has that of the real one."""
        declared = 'PAWL_API const char* pawl_version_string(void) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");\n\nPAWL_END_DECLS'
        home = self.path / "bindings/python/pawl"
        for path, text in python.emit(read_text(header.replace("PAWL_END_DECLS", declared))).items():
            self.write(path, text)
        (home / "aio.py").unlink()
        for name in ("_base.py", "_types.py"):
            shutil.copy(SOURCE / "bindings/python/pawl" / name, home)
        return home

    def mypy(self, package: Path) -> str:
        program = shutil.which("mypy")
        assert program is not None, "mypy is missing"
        command = [program, "--strict", "--python-version", "3.11", "--cache-dir", str(self.path / "cache"), str(package)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
        return done.stdout + done.stderr

    def test_what_python_cannot_say_is_refused(self) -> None:
        hiding = self.small.replace("PAWL_E_CLOSED = -103", "PAWL_E_VALUE = -103")
        with self.assertRaisesRegex(Refused, "ValueError would hide Python's"):
            python.emit(read_text(hiding))


if __name__ == "__main__":
    CC = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
