"""What --check says of generated files that nothing generates any more, of those that differ, and of those by hand."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from headers import header, read_text

from bindings.gen import __main__ as tool
from bindings.gen.emit import EMITTERS
from bindings.gen.emit.text import GENERATED

GONE = """
typedef struct pawl_gone pawl_gone;
PAWL_API void pawl_gone_release(pawl_gone* gone) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");
"""
CLASS = "bindings/java/src/main/java/org/pawl/Gone.java"


class OrphansTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.before = tool.generated(read_text(header(GONE)))
        self.now = tool.generated(read_text(header("")))
        self.quietly(tool.write, self.before)

    def quietly(self, does, files: dict[str, str]) -> tuple[object, str]:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return does(self.root, files), said.getvalue()

    def test_what_was_just_written_is_fresh(self) -> None:
        self.assertEqual(self.quietly(tool.check, self.before), (0, ""))

    def test_a_class_whose_declaration_is_gone_is_seen_and_removed(self) -> None:
        self.assertIn(CLASS, self.before.keys() - self.now.keys())
        result, said = self.quietly(tool.check, self.now)
        self.assertEqual(result, 1)
        for path in self.before.keys() - self.now.keys():
            self.assertIn(f"{path} was generated from what the headers say no more", said)
        self.quietly(tool.write, self.now)
        self.assertFalse((self.root / CLASS).exists())
        self.assertEqual(self.quietly(tool.check, self.now), (0, ""))

    def test_only_the_orphan_is_seen_where_all_else_is_fresh(self) -> None:
        self.quietly(tool.write, self.now)
        (self.root / CLASS).write_text(self.before[CLASS], encoding="utf-8")
        result, said = self.quietly(tool.check, self.now)
        self.assertEqual((result, said.count("\n"), said.split()[0]), (1, 1, CLASS))

    def test_files_by_hand_stay_whatever_they_mention(self) -> None:
        by_hand = (self.root / CLASS).with_name("Handle.java")
        by_hand.write_text("package org.pawl;\n\n/** Not one of those that say: */\n// " + GENERATED + "\n", encoding="utf-8")
        self.assertEqual(self.quietly(tool.check, self.before), (0, ""))

    def test_every_generated_file_says_at_its_top_that_it_is_one(self) -> None:
        for emitter in EMITTERS:
            for path, text in emitter(read_text(header(GONE))).items():
                self.assertIn(GENERATED, "".join(text.splitlines(keepends=True)[:3]), path)


if __name__ == "__main__":
    unittest.main()
