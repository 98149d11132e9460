"""What the dialect of the headers cannot say is refused by name, and neither bound wrongly nor answered by a traceback."""

import re
import unittest

import odd_functions
import odd_types
from headers import PRELUDE, header, read_text

from bindings.gen.emit import python
from bindings.gen.errors import Refused

TABLES = {
    "parameters": odd_functions.PARAMETERS,
    "outputs": odd_functions.OUTPUTS,
    "what is returned": odd_functions.RETURNS,
    "marks": odd_functions.MARKS,
    "places": odd_functions.PLACES,
    "fields": odd_types.FIELDS,
    "structs": odd_types.STRUCTS,
    "enums": odd_types.ENUMS,
    "others": odd_types.OTHERS,
}

# Twins of what is refused, so that a refusal is of the oddity and not of all that stands around it.
ACCEPTED = [
    odd_functions.param("int32_t x"),
    odd_functions.param("const uint8_t* x PAWL_NULLABLE, size_t x_len"),
    odd_functions.param('const uint8_t* x PAWL_IN_BYTES("PAWL_KEY_SIZE"), size_t x_len'),
    odd_functions.param('int32_t x PAWL_ENUM("pawl_colour"), uint32_t y PAWL_ENUM("pawl_mood"), int32_t z PAWL_BOOL'),
    odd_functions.param("const pawl_id* x, pawl_id* out_x, int32_t* out_y PAWL_NULLABLE"),
    odd_functions.param('char* out PAWL_OUT_BYTES("PAWL_KEY_SIZE"), size_t out_cap, size_t* out_len'),
    odd_functions.taking("pawl_thing* thing", "int32_t", 'PAWL_NOEXCEPT PAWL_BOOL PAWL_SINCE("0.3");'),
    odd_types.struct("uint32_t n;\nconst uint8_t* x;\nsize_t x_len;") + "\n#define PAWL_ODD_INIT { sizeof(pawl_odd), 0, 0, 0 }",
    odd_types.struct("uint8_t x[4];\npawl_id y;") + "\n#define PAWL_ODD_INIT { sizeof(pawl_odd), {0}, {{0}} }",
    odd_types.struct("uint64_t x;\nint32_t y;", "PAWL_VALUE", size="").replace("int32_t y;", "int64_t y;"),
    odd_types.start("sizeof(pawl_odd), 0"),
    odd_types.enum("PAWL_ODD_A = 1, PAWL_ODD_B = 2", "flags"),
    odd_functions.PAGE,
    odd_functions.BLOB,
    f"PAWL_API pawl_status pawl_thing_begin(pawl_thing* thing, int32_t size) {odd_functions.END}",
    "typedef void (*pawl_odd)(void* user, int32_t x, const char* line);",
    "#define PAWL_ODD (PAWL_KEY_SIZE * 1000 + 0x10)",
]


class RefusedTest(unittest.TestCase):
    def refused(self, text: str, wanted: str, beside: dict[str, str] | None = None) -> None:
        with self.assertRaises(Refused) as caught:
            read_text(text, beside)
        said = str(caught.exception)
        self.assertTrue(any(part in said for part in wanted.split("|")), f"{said!r} does not say {wanted!r}")

    def test_what_stands_around_the_oddities_is_accepted(self) -> None:
        self.assertEqual([it.name for it in read_text(header("")).functions], ["pawl_thing_release"])
        for declarations in ACCEPTED:
            with self.subTest(declarations):
                read_text(header(declarations))

    def test_each_odd_declaration_is_refused_by_its_name(self) -> None:
        for table, rows in TABLES.items():
            for odd, declarations, wanted in rows:
                with self.subTest(f"{table}: {odd}"):
                    self.refused(header(declarations), wanted)

    def test_what_python_cannot_be_given_is_refused_and_its_twin_is_bound(self) -> None:
        for odd, declarations, wanted in odd_functions.PYTHON:
            with self.subTest(odd):
                with self.assertRaises(Refused) as caught:
                    python.emit(read_text(header(declarations)))
                self.assertIn(wanted, str(caught.exception))
        for declarations in odd_functions.BOUND_IN_PYTHON:
            with self.subTest(declarations):
                python.emit(read_text(header(declarations)))

    def test_the_table_is_long(self) -> None:
        self.assertGreater(sum(map(len, TABLES.values())), 200)

    def test_each_odd_header_is_refused(self) -> None:
        for odd, before, after, wanted in odd_types.PRELUDES:
            with self.subTest(odd):
                self.assertIn(before, PRELUDE)
                self.refused(header("", PRELUDE.replace(before, after)), wanted)

    def test_a_header_that_nobody_includes_is_refused(self) -> None:
        beside = {"lost.h": "#ifndef PAWL_LOST_H_\n#define PAWL_LOST_H_\n#endif\n"}
        self.refused(header(""), "lost.h: small.h does not include it", beside)
        read_text(header("", '#include "pawl/lost.h"\n' + PRELUDE), beside)

    def test_a_refusal_says_where(self) -> None:
        with self.assertRaises(Refused) as caught:
            read_text(header(odd_functions.param("long x")))
        self.assertRegex(str(caught.exception), r"^small\.h:\d+: ")
        line = int(re.findall(r":(\d+):", str(caught.exception))[0])
        self.assertIn("pawl_thing_odd", header(odd_functions.param("long x")).splitlines()[line - 1])


if __name__ == "__main__":
    unittest.main()
