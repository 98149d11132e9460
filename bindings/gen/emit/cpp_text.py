"""How generated C++ is laid out: comments, and calls and signatures that are broken where they are too long."""

import re

from ..model import Api
from ..naming import pascal
from .text import GENERATED, null_in, wrapped

WIDTH = 100
NAMESPACE = "namespace pawl {\ninline namespace v0 {\n"
NAMESPACE_END = "}  // namespace v0\n}  // namespace pawl\n"


def listing(head: str, parts: list[str], tail: str, indent: int) -> str:
    """head + "a, b, c" + tail, in as few lines as fit."""
    margin = " " * indent
    whole = f"{margin}{head}{', '.join(parts)}{tail}"
    if len(whole) <= WIDTH or not parts:
        return whole + "\n"
    lines, line = [], margin + head
    for number, part in enumerate(parts):
        last = number + 1 == len(parts)
        piece = part + (tail if last else ",")
        if line.strip() and len(line) + len(piece) + 1 > WIDTH:
            lines.append(line.rstrip())
            line = " " * (indent + 4)
        line += piece if line.endswith("(") or not line.strip() else " " + piece
    return "\n".join([*lines, line]) + "\n"


def comment(doc: str, indent: int) -> str:
    """The doc as a // comment, or nothing."""
    mark = " " * indent + "// "
    return "".join(line + "\n" for line in wrapped(doc, WIDTH, mark, mark))


def in_cpp(api: Api, doc: str) -> str:
    """The doc of a C declaration, its functions and classes named as in C++."""
    functions = {it.name: it for it in api.functions}
    classes = {it.name for it in api.handles} | {it.name for it in api.structs if it.kind in ("options", "value")}

    def named(match: re.Match[str]) -> str:
        function = functions.get(match[0])
        if function and function.role != "release":
            return f"{pascal(function.owner)}::{function.method}" if function.owner else function.method
        return pascal(match[0]) if match[0] in classes else match[0]

    return null_in("empty", re.sub(r"\bpawl_\w+", named, doc))


def header_file(path: str, about: str, includes: list[str], body: str, *, after: str = "") -> str:
    """A header below include/pawl; `includes` are system headers in brackets and paths below include."""
    guard = "PAWL_" + re.sub(r"\W", "_", path).upper() + "_"
    system = sorted({it for it in includes if it.startswith("<")})
    own = sorted({it for it in includes if not it.startswith("<")})
    blocks = ["".join(f"#include {it}\n" for it in system), "".join(f'#include "{it}"\n' for it in own)]
    parts = [
        f"// clang-format off\n// {GENERATED}\n#ifndef {guard}\n#define {guard}\n",
        comment(about, 0),
        *blocks,
        f"{NAMESPACE}\n{body.strip()}\n\n{NAMESPACE_END}" if body.strip() else "",
        after,
        f"#endif  // {guard}\n",
    ]
    return "\n".join(part for part in parts if part)
