"""Each kind of break, planted into a small header, is seen by the gate; what is only added is let through.

The table says who sees it: the lock (bindings/gen/compat.py), abidiff (gate.py), or both; or the reader (bindings/gen),
which refuses it.
"""

import re
import sys
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

import gate
import stub

sys.path.insert(0, str(stub.ROOT / "tests/bindings"))

from headers import EXPORT  # noqa: E402
from bindings.gen import compat, model, reader  # noqa: E402
from bindings.gen.errors import Refused  # noqa: E402

SMALL = (stub.ROOT / "tests/bindings/small/small.h").read_text(encoding="utf-8")
PRIVATE = "struct pawl_lamp { int hidden; };"

RAY = """PAWL_API pawl_status pawl_ray_cast(pawl_lamp* lamp, pawl_ray** out_ray PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");"""
RAY_RELEASE = 'PAWL_API void pawl_ray_release(pawl_ray* ray) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");'
BLOB_SIZE = 'PAWL_API size_t pawl_blob_size(const pawl_blob* blob) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");'
BRIGHTEST = 'PAWL_API double pawl_brightest(void) PAWL_NOEXCEPT PAWL_SINCE("0.2");'
CLOSE = """/** Ends its light. */
PAWL_API void pawl_lamp_close(pawl_lamp* lamp) PAWL_NOEXCEPT PAWL_CLOSE PAWL_BLOCKING
    PAWL_SINCE("0.1");
"""
NEXT = 'PAWL_API int64_t pawl_darkest(void) PAWL_NOEXCEPT PAWL_SINCE("0.2");'

BOTH, LOCK, READER = {"lock", "abidiff"}, {"lock"}, {"reader"}

# (what is planted, what stands in the header, what stands there instead, who sees it)
BREAKS = [
    ("a function is gone", BRIGHTEST, "", BOTH),
    ("a function has another name", "pawl_brightest(", "pawl_most_bright(", BOTH),
    ("a function returns another type", "PAWL_API double pawl_brightest", "PAWL_API int64_t pawl_brightest", BOTH),
    ("a function moves to another release", BRIGHTEST, BRIGHTEST.replace("0.2", "0.1"), BOTH),
    ("a function belongs to another object", "pawl_lamp_spell(pawl_lamp* lamp,", "pawl_lamp_spell(pawl_ray* lamp,", LOCK),
    ("a parameter is added", "pawl_lamp_glows(pawl_lamp* lamp, uint32_t max,", "pawl_lamp_glows(pawl_lamp* lamp, uint32_t max, int32_t more,", BOTH),
    ("a parameter is removed", "pawl_lamp_glows(pawl_lamp* lamp, uint32_t max,", "pawl_lamp_glows(pawl_lamp* lamp,", BOTH),
    ("two parameters of different types change places", "double power,\n                                     const char* label PAWL_NULLABLE,",
     "const char* label PAWL_NULLABLE,\n                                     double power,", BOTH),
    ("two parameters of one type change places", "pawl_lamp_mix(pawl_lamp* first, pawl_lamp* second PAWL_NULLABLE",
     "pawl_lamp_mix(pawl_lamp* second, pawl_lamp* first PAWL_NULLABLE", LOCK),
    ("a parameter has another name", "pawl_lamp_glows(pawl_lamp* lamp, uint32_t max,", "pawl_lamp_glows(pawl_lamp* lamp, uint32_t most,", LOCK),
    ("a parameter has a wider type", "pawl_lamp* lamp, uint32_t max,", "pawl_lamp* lamp, uint64_t max,", BOTH),
    ("a parameter has a type of another sign", "pawl_lamp* lamp, uint32_t max,", "pawl_lamp* lamp, int32_t max,", BOTH),
    ("a parameter is of another enum's kind", 'int32_t colour PAWL_ENUM("pawl_colour"),\n', "int32_t colour,\n", LOCK),
    ("a parameter may not be null any more", "const pawl_id* id PAWL_NULLABLE,", "const pawl_id* id,", LOCK),
    ("an input has an exact size", 'const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"), size_t key_len', "const uint8_t* key, size_t key_len", LOCK),
    ("an output may need more", "seed_len + 24", "seed_len + 32", LOCK),
    ("a call waits", BRIGHTEST, BRIGHTEST.replace("PAWL_SINCE", "PAWL_BLOCKING PAWL_SINCE"), LOCK),
    ("a call is not fast any more", BLOB_SIZE, BLOB_SIZE.replace(" PAWL_FAST", ""), LOCK),
    ("a completion has no data any more", "PAWL_ASYNC_DATA", "PAWL_ASYNC", LOCK),
    ("a field is gone", "  double height_m;\n", "", BOTH),
    ("a field has another name", "  double height_m;", "  double height_km;", LOCK),
    ("a field has another type", "  double height_m;", "  int64_t height_m;", BOTH),
    ("a field stands elsewhere", "  double height_m;\n  const pawl_id* owner PAWL_NULLABLE;\n",
     "  const pawl_id* owner PAWL_NULLABLE;\n  double height_m;\n", BOTH),
    ("a field comes in between", "  double height_m;\n", "  uint64_t width_mm;\n  double height_m;\n", BOTH),
    ("a field is a bool no more", "int32_t is_on PAWL_BOOL;", "int32_t is_on;", LOCK),
    ("an option must be given", "const pawl_id* owner PAWL_NULLABLE;", "const pawl_id* owner;", LOCK),
    ("an option that must be given is appended", "const pawl_id* owner PAWL_NULLABLE;\n",
     "const pawl_id* owner PAWL_NULLABLE;\n  const char* maker;\n", LOCK),
    ("a value struct grows", "  uint8_t bytes[16];", "  uint8_t bytes[16];\n  uint64_t more;", BOTH),
    ("the bytes of a value are more", "  uint8_t bytes[16];", "  uint8_t bytes[24];", BOTH),
    ("a constant is renumbered", "#define PAWL_KEY_SIZE 32", "#define PAWL_KEY_SIZE 64", LOCK),
    ("a constant is gone", "#define PAWL_RAYS_MAX 7\n", "", LOCK),
    ("two statuses change their numbers", "PAWL_E_CLOSED = -103,\n  PAWL_E_TIMEOUT PAWL_EXC(\"TimeoutError,\") = -502",
     "PAWL_E_CLOSED = -502,\n  PAWL_E_TIMEOUT PAWL_EXC(\"TimeoutError,\") = -103", LOCK),
    ("a value of an enum is gone", "PAWL_LAMP_ON = 1, PAWL_LAMP_DIMMED = 4", "PAWL_LAMP_ON = 1", LOCK),
    ("a value of an enum has another name", "PAWL_COLOUR_RED", "PAWL_COLOUR_CRIMSON", LOCK),
    ("a new value takes the prefix of the others away", "PAWL_LAMP_DIMMED = 4 }", "PAWL_LAMP_DIMMED = 4, PAWL_SHADE = 8 }", LOCK),
    ("a failure is another exception", "TimeoutError,", "OSError,", LOCK),
    ("an object is gone", (RAY, RAY_RELEASE, "typedef struct pawl_ray pawl_ray;\n"), "", BOTH),
    ("an object has no close any more", CLOSE, "", BOTH),
    ("the start of a struct is gone", "#define PAWL_LAMP_INFO_INIT \\\n  { sizeof(pawl_lamp_info), 0, 0, 0, 0 }\n", "", READER),
    ("the start of a struct is not zero", "{ sizeof(pawl_lamp_info), 0, 0, 0, 0 }", "{ sizeof(pawl_lamp_info), 0, 1, 0, 0 }", READER),
    ("a callback takes more", "int32_t level, const char* line", "int32_t level, int32_t code, const char* line", BOTH),
]  # fmt: skip

HARMLESS = [
    ("a function is added", BRIGHTEST, f"{BRIGHTEST}\n{NEXT}"),
    ("an option is appended", "const pawl_id* owner PAWL_NULLABLE;\n", "const pawl_id* owner PAWL_NULLABLE;\n  uint64_t more;\n"),
    ("a field of a result is appended", "  const char* message;\n", "  const char* message;\n  int64_t more_ms;\n"),
    ("a field of a view is appended", "  int64_t time_ms;\n", "  int64_t time_ms;\n  uint64_t more;\n"),
    ("a value of an enum is added", "PAWL_E_CLOSED = -103,", "PAWL_E_CLOSED = -103,\n  PAWL_E_MORE = -104,"),
    ("a flag is added", "PAWL_LAMP_DIMMED = 4", "PAWL_LAMP_DIMMED = 4, PAWL_LAMP_BLINKS = 8"),
    ("a constant is added", "#define PAWL_KEY_SIZE 32", "#define PAWL_KEY_SIZE 32\n#define PAWL_MORE 7"),
    ("a struct is added", "typedef struct PAWL_RESULT pawl_lamp_info",
     "typedef struct PAWL_RESULT pawl_more {\n  uint32_t struct_size;\n  uint32_t n;\n} pawl_more;\n\n#define PAWL_MORE_INIT \\\n"
     "  { sizeof(pawl_more), 0 }\n\ntypedef struct PAWL_RESULT pawl_lamp_info"),
    ("an object is added", RAY_RELEASE, RAY_RELEASE + "\ntypedef struct pawl_beam pawl_beam;\n" + RAY_RELEASE.replace("ray", "beam")),
    ("a comment says more", "/** Lights it. */", "/** Lights it, from the next frame on. */"),
    ("a parameter may be null", "const uint8_t* seed, size_t seed_len", "const uint8_t* seed PAWL_NULLABLE, size_t seed_len"),
]  # fmt: skip


@dataclass
class Made:
    """A header, its lock, and a library that was compiled with it."""

    api: model.Api
    include: Path
    library: Path


def restarted(text: str) -> str:
    """The header with as many zeros in each PAWL_X_INIT as its struct has fields after the first."""
    for name, fields in re.findall(r"typedef struct PAWL_\w+ (\w+) \{\n(.*?)\n\}", text, re.DOTALL):
        zeros = ", 0" * (fields.count(";") - 1)
        text = re.sub(rf"\{{ sizeof\({name}\)[ ,0]*\}}", f"{{ sizeof({name}){zeros} }}", text)
    return text


def make(text: str, folder: Path, private: str = PRIVATE, script: str = "") -> Made:
    home = folder / "include/pawl"
    home.mkdir(parents=True)
    (home / "export.h").write_text(EXPORT.read_text(encoding="utf-8"), encoding="utf-8")
    (home / "small.h").write_text(text, encoding="utf-8")
    api = reader.read(home / "small.h", folder / "include")
    return Made(api, folder / "include", stub.build(api, "pawl/small.h", folder / "include", folder, private, script))


class PlantedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.home = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.home.cleanup)
        cls.made = 0
        cls.old = make(SMALL, Path(cls.home.name, "old"))

    def new(self, text: str, private: str = PRIVATE, script: str = "") -> Made:
        type(self).made += 1
        return make(text, Path(self.home.name, str(self.made)), private, script)

    def edited(self, before: str | tuple[str, ...], after: str) -> str:
        text = SMALL
        for part in [before] if isinstance(before, str) else before:
            self.assertTrue(part in text, f"the plant has no ground to stand on: {part}")
            text = text.replace(part, after)
        return restarted(text)

    def seen(self, new: Made) -> set[str]:
        """Who sees a break between the header as it is committed and `new`."""
        found = {"lock"} if compat.breaks(compat.compare(self.old.api, new.api)) else set()
        rules = gate.suppressions(self.old.api, new.api, Path(self.home.name, "rules.ini"))
        verdict = gate.diff(self.old.library, self.old.include, new.library, new.include, rules)
        return found | ({"abidiff"} if verdict.changed else set())

    def judged(self, text: str) -> set[str]:
        try:
            return self.seen(self.new(text))
        except Refused:
            return {"reader"}

    def test_each_break_is_seen_by_whom_the_table_names(self) -> None:
        for what, before, after, who in BREAKS:
            with self.subTest(what):
                self.assertEqual(self.judged(self.edited(before, after)), who)

    def test_what_is_only_added_is_let_through_by_both(self) -> None:
        for what, before, after in HARMLESS:
            with self.subTest(what):
                new = self.new(self.edited(before, after))
                self.assertEqual(self.seen(new), set(), compat.breaks(compat.compare(self.old.api, new.api)))

    def test_the_same_header_and_another_inside_are_no_change(self) -> None:
        self.assertEqual(self.seen(self.new(SMALL)), set())
        self.assertEqual(self.seen(self.new(SMALL, "struct pawl_lamp { long hidden[3]; const char* more; };")), set())

    def test_a_function_that_the_library_does_not_export_is_seen_by_abidiff(self) -> None:
        script = stub.version_script(self.old.api).replace("    pawl_lamp_seal;\n", "")
        self.assertEqual(self.seen(self.new(SMALL, script=script)), {"abidiff"})


if __name__ == "__main__":
    unittest.main()
