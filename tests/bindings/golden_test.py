"""What the generator makes of a small header with every shape in it. `golden_test.py --write` keeps the new answer."""

import sys
import unittest
from pathlib import Path

from headers import ROOT, read_text

from bindings.gen import model
from bindings.gen.emit import emit_all

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"

# What golden/ has of each language, in a folder of its own; all else is there by its name alone.
FOLDERS = {
    "include/pawl": "cpp",
    "include/pawl/detail": "cpp/detail",
    "bindings/python/src/generated": "python",
    "bindings/python/pawl": "python/pawl",
    "bindings/java/jni": "jni",
    "bindings/java/src/main/java/org/pawl": "java",
}
PARAMS = (
    "self handle text bytes length int double bool enum options value"
    " out_handle out_int out_double out_bool out_enum out_value out_result"
    " out_text out_bytes capacity written request_id"
).split()
FIELDS = (
    "struct_size reserved int double bool enum status text bytes length value value_ref struct_ref array callback user"
).split()
RETURNS = "status void int double bool text bytes view".split()
ROLES = "method factory free close release count at data size".split()


def kept_as(path: str) -> str:
    """Where golden/ has what is generated at `path`."""
    folder, _, name = path.rpartition("/")
    return f"{FOLDERS[folder]}/{name}" if folder in FOLDERS else name


def answers() -> dict[str, str]:
    """{file of golden/: text} of everything that is generated."""
    api = read_text((HERE / "small/small.h").read_text(encoding="utf-8"))
    emitted = emit_all(api)
    named = {kept_as(path): text for path, text in emitted.items()}
    assert len(named) == len(emitted), "two generated files would be one in golden/"
    return {"api.json": model.to_json(api), **named}


def kept() -> dict[str, Path]:
    """{file of golden/: where it is}, without what says that nobody formats them."""
    return {str(path.relative_to(GOLDEN)): path for path in GOLDEN.rglob("[!.]*") if path.is_file()}


def write() -> None:
    """Makes golden/ what is generated now, and nothing besides."""
    given = answers()
    for name in kept().keys() - given.keys():
        (GOLDEN / name).unlink()
    for name, text in given.items():
        (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
        (GOLDEN / name).write_text(text, encoding="utf-8")


class GoldenTest(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.answers = answers()
        self.api = model.from_json(self.answers["api.json"])

    def test_the_small_header_comes_to_the_committed_files(self) -> None:
        self.assertEqual(sorted(self.answers), sorted(kept()))
        for name, path in kept().items():
            with self.subTest(name):
                self.assertEqual(self.answers[name], path.read_text(encoding="utf-8"), "golden_test.py --write keeps it")

    def test_each_language_has_its_own_files_among_them(self) -> None:
        for name in ("cpp/small.hpp", "cpp/detail/small.hpp", "python/small.c", "python/pawl/_pawl.pyi", "python/pawl/aio.py",
                     "java/Lamp.java", "java/LampOptions.java", "jni/pawl_jni_lamp.c"):  # fmt: skip
            self.assertIn(name, self.answers)

    def test_the_small_header_has_every_shape(self) -> None:
        functions = self.api.functions
        self.assertEqual({param.shape for it in functions for param in it.params}, set(PARAMS))
        self.assertEqual({it.shape for struct in self.api.structs for it in struct.fields}, set(FIELDS))
        self.assertEqual({it.returns for it in functions}, set(RETURNS))
        self.assertEqual({it.role for it in functions}, set(ROLES))
        self.assertEqual({it.completes for it in functions}, {"", "event", "data"})
        self.assertEqual({it.kind for it in self.api.handles}, {"object", "page", "bytes"})
        self.assertEqual({it.kind for it in self.api.structs}, {"options", "result", "view", "value"})
        self.assertEqual({it.kind for it in self.api.enums}, {"enum", "flags", "status_enum"})

    def test_the_model_documents_every_shape(self) -> None:
        words = set((model.__doc__ or "").replace(".", " ").replace(",", " ").split())
        self.assertEqual({it for it in [*PARAMS, *FIELDS, *RETURNS] if it not in words}, set())

    def test_the_lock_of_the_real_headers_is_read_as_it_was_written(self) -> None:
        for path in (GOLDEN / "api.json", ROOT / "bindings/api.json"):
            text = path.read_text(encoding="utf-8")
            self.assertEqual(model.to_json(model.from_json(text)), text)

    def test_the_references_say_in_each_language_what_the_comments_say(self) -> None:
        told = {
            "c.md": "Another ray, or null. Is [`PAWL_E_CLOSED`](#pawl_e_closed) without `seed`",
            "cpp.md": "Another ray, or empty. Is [`PAWL_E_CLOSED`](c.md#pawl_e_closed) without `seed`",
            "java.md": "Another ray, or null. Is [`PawlException.Closed`](#statuscode) without `seed`",
            "python.md": "Another ray, or None. Is [`ClosedError`](#failures) without `seed`",
        }
        self.assertEqual({name: text in self.answers[name] for name, text in told.items()}, dict.fromkeys(told, True))

    def test_a_comment_is_of_the_declaration_after_it_alone(self) -> None:
        docs = {it.name: it.doc for enum in self.api.enums for it in enum.values}
        self.assertEqual(docs["PAWL_E_INVALID_ARGUMENT"], "The caller's mistake.")
        self.assertEqual(docs["PAWL_E_CLOSED"], "")
        self.assertEqual(docs["PAWL_COLOUR_BLUE"], "Of the sky — “blau”.")
        self.assertEqual(self.api.function("pawl_lamp_release").doc, "")

    def test_each_release_has_a_version_node_after_the_one_before_it(self) -> None:
        script = self.answers["pawl.map"]
        first, second = script.split("PAWL_0.2 {")
        self.assertIn("pawl_lamp_open;", first)
        self.assertIn("local:\n    *;", first)
        self.assertIn("pawl_lamp_mix;", second)
        self.assertTrue(second.rstrip().endswith("} PAWL_0.1;"))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
