"""Small headers in the dialect of include/pawl, for the tests of the generator."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bindings.gen import model, reader  # noqa: E402  (the root of the project is where the package is)

EXPORT = ROOT / "include/pawl/export.h"
# A header with every shape, a library of it (small.c), and programs that call each function with every kind of value.
SMALL = ROOT / "tests/bindings/small"

# What every header needs to be accepted: a release, a status, and an object with its end.
PRELUDE = """
#include <stddef.h>
#include <stdint.h>

#include "pawl/export.h"

#define PAWL_VERSION_MAJOR 0
#define PAWL_VERSION_MINOR 3
#define PAWL_VERSION_PATCH 1
#define PAWL_KEY_SIZE 32

PAWL_BEGIN_DECLS

typedef int32_t pawl_status;

enum PAWL_ANNOTATE("status_enum") pawl_status_code {
  PAWL_OK = 0,
  PAWL_E_BROKEN PAWL_EXC("ValueError,IllegalArgumentException") = -101
};

enum PAWL_ANNOTATE("enum") pawl_colour { PAWL_COLOUR_RED = 1, PAWL_COLOUR_BLUE = 2 };
enum PAWL_ANNOTATE("flags") pawl_mood { PAWL_MOOD_GLAD = 1, PAWL_MOOD_LOUD = 2 };

typedef struct PAWL_VALUE pawl_id {
  uint8_t bytes[16];
} pawl_id;

typedef struct pawl_thing pawl_thing;
PAWL_API void pawl_thing_release(pawl_thing* thing) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");
"""


def header(declarations: str, prelude: str = PRELUDE) -> str:
    return f"#ifndef PAWL_SMALL_H_\n#define PAWL_SMALL_H_\n{prelude}\n{declarations}\n\nPAWL_END_DECLS\n#endif\n"


def read_text(text: str, beside: dict[str, str] | None = None) -> model.Api:
    """What the generator makes of one header, small.h, and of others beside it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "pawl")
        home.mkdir()
        files = {"export.h": EXPORT.read_text(encoding="utf-8"), "small.h": text, **(beside or {})}
        for name, content in files.items():
            (home / name).write_text(content, encoding="utf-8")
        return reader.read(home / "small.h", Path(folder))


def small_library(root: Path) -> model.Api:
    """The headers of small.c in root/include, as those of a release, and what the generator reads there."""
    home = root / "include/pawl"
    home.mkdir(parents=True)
    names = ("small.h", "known.h")
    for path in (EXPORT, *(SMALL / it for it in names)):
        (home / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    included = "".join(f'#include "pawl/{it}"\n' for it in names)
    (home / "pawl.h").write_text(f"#ifndef PAWL_PAWL_H_\n#define PAWL_PAWL_H_\n{included}#endif\n", encoding="utf-8")
    return reader.read(home / "pawl.h", root / "include")
