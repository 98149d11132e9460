"""The library that was built against every frozen release whose programs it has to run. PAWL_LIBRARY names it."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import gate
import stub

from bindings.gen import baseline, compat, model

LIBRARY = Path(os.environ["PAWL_LIBRARY"])
INCLUDE = stub.ROOT / "include"
NOW = model.load(stub.ROOT / "bindings/api.json")


def exported(library: Path = LIBRARY) -> set[str]:
    """name@@NODE of every symbol that a program can be linked with, the nodes themselves left out."""
    listed = subprocess.run(["readelf", "--dyn-syms", "--wide", str(library)], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines() if re.match(r"\s*\d+:", line)]
    return {row[7] for row in rows if len(row) > 7 and row[4] != "LOCAL" and row[6] not in ("UND", "ABS")}


class LibraryTest(unittest.TestCase):
    def test_it_exports_the_functions_of_the_lock_each_in_its_release_and_nothing_else(self) -> None:
        self.assertEqual(exported(), {f"{it.name}@@PAWL_{it.since}" for it in NOW.functions})

    def test_a_leaked_static_of_a_template_would_be_seen(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            leaky = Path(folder, "libleaky.so")
            code = "template <class T> inline T leak = 1;\nint* f() { return &leak<int>; }\n"
            command = ["c++", "-std=c++20", "-shared", "-fPIC", "-x", "c++", "-", "-o", leaky]
            subprocess.run(command, input=code, text=True, check=True)
            self.assertEqual(exported(leaky), {"_Z1fv", "_Z4leakIiE"})

    def test_its_name_is_that_of_its_line(self) -> None:
        listed = subprocess.run(["readelf", "--dynamic", "--wide", str(LIBRARY)], capture_output=True, text=True, check=True)
        self.assertEqual(re.findall(r"\(SONAME\).*\[(.+)\]", listed.stdout), [stub.soname(NOW)])

    def test_programs_of_each_frozen_release_find_what_they_were_compiled_for(self) -> None:
        locks = [path for path in baseline.frozen(stub.ROOT) if compat.is_same_line(model.load(path).version, NOW.version)]
        self.assertGreater(len(locks), 0)
        for path in locks:
            with self.subTest(path.parent.name), tempfile.TemporaryDirectory() as folder:
                old, include = model.load(path), path.parent / "include"
                then = stub.build(old, "pawl/pawl.h", include, Path(folder))
                rules = gate.suppressions(old, NOW, Path(folder, "rules.ini"))
                verdict = gate.diff(then, include, LIBRARY, INCLUDE, rules)
                self.assertFalse(verdict.changed, verdict.report)

    def test_the_comparison_would_see_a_function_of_another_type(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            other = Path(folder, "include/pawl")
            other.mkdir(parents=True)
            for header in (INCLUDE / "pawl").glob("*.h"):
                text = header.read_text(encoding="utf-8")
                changed = text.replace("uint32_t pawl_version(void)", "uint64_t pawl_version(void)")
                (other / header.name).write_text(changed, encoding="utf-8")
            api = model.from_json(model.to_json(NOW))
            api.function("pawl_version").return_ctype = "uint64_t"
            then = stub.build(api, "pawl/pawl.h", Path(folder, "include"), Path(folder))
            rules = gate.suppressions(api, NOW, Path(folder, "rules.ini"))
            verdict = gate.diff(then, Path(folder, "include"), LIBRARY, INCLUDE, rules)
            self.assertIn("pawl_version", verdict.report)
            self.assertTrue(verdict.changed)


if __name__ == "__main__":
    unittest.main()
