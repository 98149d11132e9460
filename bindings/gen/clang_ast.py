"""The C headers as libclang reads them: declarations with their annotations and comments, nothing decided yet."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import Refused

try:
    from clang import cindex
except ModuleNotFoundError:  # Debian's package serves the system's interpreter; any other can use it as well
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        from clang import cindex
    except ModuleNotFoundError:
        sys.exit("bindings.gen: the Python module of libclang is missing: run ./dev setup bindings")

# The C that the bindings are for: pointers of 8 bytes, little endian. Layouts of other targets are asserted where
# they are compiled (bindings/layout.h).
_ARGUMENTS = ["-x", "c", "-std=c11", "-DPAWL_GENERATOR", "-target", "x86_64-unknown-linux-gnu", "-fparse-all-comments"]


@dataclass
class Declared:
    """A declaration: its name, the file and line it stands at, what its comment and its annotations say."""

    name: str
    where: str
    header: str
    doc: str
    marks: list[str]
    cursor: Any


@dataclass
class Header:
    """All that one translation unit declares in the headers of the project, in the order of the source."""

    functions: list[Declared] = field(default_factory=list)
    structs: list[Declared] = field(default_factory=list)
    enums: list[Declared] = field(default_factory=list)
    typedefs: list[Declared] = field(default_factory=list)
    variables: list[Declared] = field(default_factory=list)
    macros: dict[str, tuple[str, str, list[str]]] = field(default_factory=dict)  # name: (where, header, tokens)


def comment_text(raw: str | None) -> str:
    """A /** comment */ without its stars; its paragraphs and list lines stay lines."""
    if not raw or not raw.startswith("/**"):
        return ""
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in raw[3:-2].strip().splitlines()]
    return "\n".join(lines).strip()


def _where(cursor: Any) -> str:
    return f"{Path(str(cursor.location.file)).name}:{cursor.location.line}"


def declared(cursor: Any) -> Declared:
    """One cursor. Annotations that are not ours are refused: they would mean something to a compiler alone."""
    marks = []
    for child in cursor.get_children():
        if child.kind == cindex.CursorKind.ANNOTATE_ATTR:
            if not child.spelling.startswith("pawl:"):
                raise Refused(_where(cursor), f"annotation {child.spelling!r} is not one of export.h")
            marks.append(child.spelling.removeprefix("pawl:"))
    header = Path(str(cursor.location.file)).name
    return Declared(cursor.spelling, _where(cursor), header, comment_text(cursor.raw_comment), marks, cursor)


def statement(cursor: Any) -> str:
    """A declaration as it is written, from its first macro to its semicolon: libclang shows macros expanded."""
    text = Path(str(cursor.location.file)).read_text(encoding="utf-8")
    name = cursor.location.offset
    begin = max(text.rfind(end, 0, name) + len(end) for end in (";", "*/", "\n\n"))
    return text[begin : text.index(";", name)]


def parameters(function: Declared) -> Iterator[Declared]:
    for cursor in function.cursor.get_arguments():
        yield declared(cursor)


def fields(struct: Declared) -> Iterator[Declared]:
    for cursor in struct.cursor.type.get_fields():
        yield declared(cursor)


def constants(enum: Declared) -> Iterator[Declared]:
    for cursor in enum.cursor.get_children():
        if cursor.kind == cindex.CursorKind.ENUM_CONSTANT_DECL:
            yield declared(cursor)


def _parse(path: Path, include: Path, text: str | None) -> Any:
    unsaved = None if text is None else [(str(path), text)]
    options = cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
    unit = cindex.Index.create().parse(str(path), [*_ARGUMENTS, f"-I{include}"], unsaved, options)
    worst = [d for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Warning]
    if worst:
        raise Refused(str(worst[0].location), worst[0].spelling)
    return unit


def read(path: Path, include: Path) -> Header:
    """Parses `path` and keeps what is declared below `include`. Refuses what does not compile without a warning."""
    unit = _parse(path, include, None)
    found = Header()
    kinds = {
        cindex.CursorKind.FUNCTION_DECL: found.functions,
        cindex.CursorKind.STRUCT_DECL: found.structs,
        cindex.CursorKind.ENUM_DECL: found.enums,
        cindex.CursorKind.TYPEDEF_DECL: found.typedefs,
        cindex.CursorKind.VAR_DECL: found.variables,
        cindex.CursorKind.UNION_DECL: found.variables,
    }
    home = include.resolve()
    for cursor in unit.cursor.get_children():
        if cursor.location.file is None or home not in Path(str(cursor.location.file)).resolve().parents:
            continue
        if cursor.kind == cindex.CursorKind.MACRO_DEFINITION:
            tokens = [token.spelling for token in cursor.get_tokens()]
            found.macros[cursor.spelling] = (_where(cursor), Path(str(cursor.location.file)).name, tokens[1:])
        elif cursor.kind in kinds:
            kinds[cursor.kind].append(declared(cursor))
        elif cursor.kind not in (cindex.CursorKind.MACRO_INSTANTIATION, cindex.CursorKind.INCLUSION_DIRECTIVE):
            raise Refused(_where(cursor), f"a {cursor.kind.name.lower()} cannot be bound")
    return found


def evaluate(names: list[str], header: Path, include: Path) -> dict[str, int]:
    """The values of object-like macros, as a compiler computes them."""
    if not names:
        return {}
    probe = include / "pawl_constants_probe.c"
    body = "".join(f"enum {{ probe_{name} = ({name}) }};\n" for name in names)
    unit = _parse(probe, include, f'#include "{header.resolve()}"\n{body}')
    values = {}
    for cursor in unit.cursor.get_children():
        if cursor.kind == cindex.CursorKind.ENUM_DECL:
            for constant in cursor.get_children():
                if constant.spelling.startswith("probe_"):
                    values[constant.spelling.removeprefix("probe_")] = constant.enum_value
    return values
