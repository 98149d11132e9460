"""The frozen releases: that they are what they say, which ones bind, and when one may be frozen anew."""

import contextlib
import io
import shutil
import tempfile
import unittest
from pathlib import Path

import stub

from bindings.gen import __main__ as main
from bindings.gen import baseline, compat, model, reader
from bindings.gen.errors import Refused


class BaselineTest(unittest.TestCase):
    def test_each_frozen_lock_is_what_its_frozen_headers_say(self) -> None:
        locks = baseline.frozen(stub.ROOT)
        self.assertGreater(len(locks), 0)
        for path in locks:
            with self.subTest(path.parent.name):
                include = path.parent / "include"
                read = reader.read(include / "pawl/pawl.h", include)
                self.assertEqual(compat.compare(model.load(path), read), [])
                major, minor = compat.release(read.version)
                self.assertEqual(path.parent.name, f"v{major}.{minor}")

    def test_a_major_version_is_a_line_and_before_the_first_a_minor_one_is(self) -> None:
        same = [("0.1.0", "0.1.3"), ("1.0.0", "1.0.1"), ("1.0.0", "1.7.0"), ("2.3.0", "2.3.0")]
        other = [("0.1.0", "0.2.0"), ("0.9.0", "1.0.0"), ("1.4.0", "2.0.0"), ("1.4.0", "1.3.0")]
        self.assertEqual([pair for pair in same if not compat.is_same_line(*pair)], [])
        self.assertEqual([pair for pair in other if compat.is_same_line(*pair)], [])

    def test_a_release_that_is_out_is_not_frozen_again(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            shutil.copytree(stub.ROOT / "include", root / "include")
            api = reader.read(root / "include/pawl/pawl.h", root / "include")
            major, minor = compat.release(api.version)
            changelog = root / "CHANGELOG.md"
            changelog.write_text(f"# Changelog\n\n## {major}.{minor}.0 (unreleased)\n", encoding="utf-8")
            self.assertEqual(baseline.freeze(root, api), [])
            frozen = {path: path.read_bytes() for path in root.glob("tests/abi/**/*") if path.is_file()}

            api.functions.pop()
            self.assertEqual([it.kind for it in baseline.freeze(root, api)], [compat.BREAK])

            api = reader.read(root / "include/pawl/pawl.h", root / "include")
            baseline.freeze(root, api)
            changelog.write_text(f"# Changelog\n\n## {major}.{minor}.0 - 2027-01-01\n", encoding="utf-8")
            api.functions.pop()
            with self.assertRaises(Refused):
                baseline.freeze(root, api)
            self.assertEqual({path: path.read_bytes() for path in frozen}, frozen)

    def test_what_a_frozen_release_lost_is_told(self) -> None:
        api = model.load(stub.ROOT / "bindings/api.json")
        gone = api.functions.pop()
        told = baseline.changes(stub.ROOT, api)
        self.assertTrue(told)
        for changes in told.values():
            self.assertIn(compat.Change(compat.BREAK, gone.name, "the function is gone"), changes)

    def test_the_start_of_a_struct_stays(self) -> None:
        old = model.load(stub.ROOT / "bindings/api.json")
        new = model.load(stub.ROOT / "bindings/api.json")
        new.struct("pawl_client_options").start = ""
        wanted = compat.Change(compat.BREAK, "pawl_client_options", "start was PAWL_CLIENT_OPTIONS_INIT and is nothing")
        self.assertEqual(compat.compare(old, new), [wanted])

    def test_each_release_of_the_line_has_to_be_frozen(self) -> None:
        api = model.load(stub.ROOT / "bindings/api.json")
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            self.freeze(root, api, "0.9.0")
            self.assertEqual(self.lock(root, api, "1.0.0"), (1, ["1.0"]), "another line's baseline protects nothing")
            self.freeze(root, api, "1.0.0")
            self.assertEqual(self.lock(root, api, "1.0.0"), (0, []))
            self.assertEqual(self.lock(root, api, "1.0.3"), (0, []), "a patch release has the baseline of its minor one")
            self.assertEqual(self.lock(root, api, "1.2.0"), (1, ["1.1", "1.2"]))
            self.freeze(root, api, "1.2.0")
            self.assertEqual(self.lock(root, api, "1.2.0"), (1, ["1.1"]))
            self.freeze(root, api, "1.1.0")
            self.assertEqual(self.lock(root, api, "1.2.0"), (0, []))

    def test_what_an_unfrozen_release_added_cannot_go_unseen(self) -> None:
        api = model.load(stub.ROOT / "bindings/api.json")
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            self.freeze(root, api, "1.1.0")
            api.functions[0].since = "1.0"
            self.assertEqual(self.lock(root, api, "1.1.0"), (1, ["1.0"]), "a function says that 1.0 was a release")

    def freeze(self, root: Path, api: model.Api, version: str) -> None:
        api.version = version
        home = baseline.folder(root, version)
        home.mkdir(parents=True)
        (home / "api.json").write_text(model.to_json(api), encoding="utf-8")
        (root / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")

    def lock(self, root: Path, api: model.Api, version: str) -> tuple[int, list[str]]:
        """(what --lock exits with, the releases that it misses)."""
        api.version = version
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            return main.check_lock(root, api), baseline.missing(root, api)

    def test_a_patch_release_adds_no_function_to_the_release_that_is_out(self) -> None:
        old = model.load(stub.ROOT / "bindings/api.json")
        added = old.functions.pop()
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            self.freeze(root, old, "1.1.0")
            new = model.load(stub.ROOT / "bindings/api.json")
            new.version, new.function(added.name).since = "1.1.1", "1.1"
            changes = [it for it in baseline.changes(root, new)["v1.1"] if it.what == added.name]
            self.assertEqual([it.kind for it in changes], [compat.ADD, compat.BREAK])
            (root / "CHANGELOG.md").write_text("## 1.1.0 (unreleased)\n", encoding="utf-8")
            self.assertEqual(compat.breaks(baseline.changes(root, new)["v1.1"]), [])

    def test_a_function_is_not_slipped_into_a_release_that_is_out(self) -> None:
        old = model.load(stub.ROOT / "bindings/api.json")
        new = model.load(stub.ROOT / "bindings/api.json")
        added = old.functions.pop()
        old.version, new.version = "1.1.0", "1.2.0"
        for since, wanted in (("1.1", compat.BREAK), ("1.2", compat.ADD)):
            new.function(added.name).since = since
            self.assertIn(wanted, [it.kind for it in compat.compare(old, new)])
            self.assertEqual(bool(compat.breaks(compat.compare(old, new))), wanted == compat.BREAK)


if __name__ == "__main__":
    unittest.main()
