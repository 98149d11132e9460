"""The C headers as libclang reads them: declarations with their annotations and comments, nothing decided yet."""

import functools
import importlib
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import Refused

try:
    cindex: Any = importlib.import_module("clang.cindex")
except ModuleNotFoundError:  # Debian's package serves the system's interpreter; any other can use it as well
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        cindex = importlib.import_module("clang.cindex")
    except ModuleNotFoundError:
        sys.exit("bindings.gen: the Python module of libclang is missing: run ./dev setup")

# The C that the bindings are for: pointers of 8 bytes, little endian. Layouts of other targets are asserted where
# they are compiled (tests/abi/layout.h).
_ARGUMENTS = ["-x", "c", "-std=c11", "-DPAWL_GENERATOR", "-target", "x86_64-unknown-linux-gnu", "-pedantic", "-Wall", "-Wextra"]

TypeKind = cindex.TypeKind
StorageClass = cindex.StorageClass

DIALECT = "export.h"  # the header that defines the marks; it alone may ask what compiles it

_WORDS = string.ascii_letters + string.digits + "_" + string.whitespace
_NAMED = {cindex.CursorKind.STRUCT_DECL, cindex.CursorKind.ENUM_DECL, cindex.CursorKind.FUNCTION_DECL}
_ATTRIBUTES = {cindex.CursorKind.ANNOTATE_ATTR: "pawl:", cindex.CursorKind.VISIBILITY_ATTR: "default"}


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
class Macro:
    name: str
    where: str
    header: str
    tokens: list[str]  # what it stands for
    takes_arguments: bool
    doc: str


@dataclass
class Header:
    """All that one translation unit declares in the headers of the project, in the order of the source."""

    functions: list[Declared] = field(default_factory=list)
    structs: list[Declared] = field(default_factory=list)
    enums: list[Declared] = field(default_factory=list)
    typedefs: list[Declared] = field(default_factory=list)
    variables: list[Declared] = field(default_factory=list)
    macros: list[Macro] = field(default_factory=list)


@functools.cache
def _source(path: str) -> bytes:
    """libclang counts bytes, so the text stays bytes."""
    return Path(path).read_bytes()


def _before(cursor: Any, offset: int) -> str:
    return _source(str(cursor.location.file))[:offset].decode("utf-8")


def comment_text(raw: str) -> str:
    """A /** comment */ without its stars; its paragraphs and list lines stay lines."""
    if not raw.startswith("/**"):
        return ""
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in raw[3:-2].strip().splitlines()]
    return "\n".join(lines).strip()


def _comment(cursor: Any) -> str:
    """The comment right before a declaration. libclang also gives a constant what stands before the one before it."""
    return _comment_at_end(_before(cursor, cursor.extent.start.offset).rstrip(_WORDS))


def _comment_at_end(text: str) -> str:
    text = text.rstrip()
    return comment_text(text[text.rfind("/*") :]) if text.endswith("*/") else ""


def _where(cursor: Any) -> str:
    return f"{Path(str(cursor.location.file)).name}:{cursor.location.line}"


def _marks(cursor: Any) -> list[str]:
    """The annotations. Those that are not ours are refused: they would mean something to a compiler alone."""
    marks = []
    for child in cursor.get_children():
        if not child.kind.is_attribute() and child.kind != cindex.CursorKind.ASM_LABEL_ATTR:
            continue
        if not child.spelling.startswith(_ATTRIBUTES.get(child.kind, "nothing")):
            raise Refused(_where(cursor), f"the attribute {child.spelling!r} of {cursor.spelling} is not one of {DIALECT}")
        if child.kind == cindex.CursorKind.ANNOTATE_ATTR:
            marks.append(child.spelling.removeprefix("pawl:"))
    return marks


def declared(cursor: Any) -> Declared:
    """One cursor."""
    where = _where(cursor)
    name = "" if "(" in cursor.spelling else cursor.spelling  # "(anonymous at …)" is what a newer libclang makes up
    written = _source(str(cursor.location.file))[cursor.location.offset :]
    if cursor.kind in _NAMED and not (name and written.startswith(name.encode())):
        raise Refused(where, f"{name or 'a declaration'} has no name of its own in the source", "write it out")
    return Declared(name, where, Path(str(cursor.location.file)).name, _comment(cursor), _marks(cursor), cursor)


def statement(cursor: Any) -> str:
    """A declaration as it is written, from its first macro to its semicolon: libclang shows macros expanded."""
    before = _before(cursor, cursor.location.offset)
    begin = max(before.rfind(end) + len(end) for end in (";", "*/", "\n\n") if end in before)
    after = _source(str(cursor.location.file))[cursor.location.offset :].decode("utf-8")
    own_lines = re.sub(r"^\s*#.*$", "", before[begin:], flags=re.MULTILINE)
    return own_lines + after[: after.index(";")]


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
        at = worst[0].location
        line = Path(str(at.file)).read_text(encoding="utf-8").splitlines()[at.line - 1].strip() if at.file and not text else ""
        raise Refused(f"{Path(str(at.file)).name}:{at.line}", f"{worst[0].spelling}: {line}")
    return unit


def _demand_whole(unit: Any, path: Path, home: Path) -> None:
    """What is not read is not bound: every header beside `path` is included, and no line of it depends on a platform."""
    read_ones = {Path(str(it.include.name)).resolve() for it in unit.get_includes()} | {path.resolve()}
    for header in sorted(path.parent.glob("*.h")):
        if header.resolve() not in read_ones:
            raise Refused(header.name, f"{path.name} does not include it")
    for header in sorted(it for it in read_ones if home in it.parents and it.name != DIALECT):
        asked = re.findall(r"^\s*#\s*(?:if|elif|else).*$", header.read_text(encoding="utf-8"), re.MULTILINE)
        if asked[1:] or not re.fullmatch(r"#ifndef PAWL_\w+_H_", asked[0] if asked else ""):
            odd = next((it.strip() for it in asked if not it.startswith("#ifndef PAWL_")), "no guard, or a second condition")
            raise Refused(header.name, f"{odd}: declarations may not depend on what compiles them")


def _macro(cursor: Any) -> Macro:
    tokens = list(cursor.get_tokens())
    takes = len(tokens) > 1 and tokens[1].spelling == "(" and tokens[1].extent.start.offset == tokens[0].extent.end.offset
    spelled = [token.spelling for token in tokens[1:]]
    before = _before(cursor, cursor.extent.start.offset).rstrip().removesuffix("define").rstrip("# ")
    doc = _comment_at_end(before)
    return Macro(cursor.spelling, _where(cursor), Path(str(cursor.location.file)).name, spelled, takes, doc)


def read(path: Path, include: Path) -> Header:
    """Parses `path` and keeps what is declared below `include`. Refuses what does not compile without a warning."""
    _source.cache_clear()
    unit = _parse(path, include, None)
    home = include.resolve()
    _demand_whole(unit, path, home)
    found = Header()
    kinds = {
        cindex.CursorKind.FUNCTION_DECL: found.functions,
        cindex.CursorKind.STRUCT_DECL: found.structs,
        cindex.CursorKind.ENUM_DECL: found.enums,
        cindex.CursorKind.TYPEDEF_DECL: found.typedefs,
        cindex.CursorKind.VAR_DECL: found.variables,
        cindex.CursorKind.UNION_DECL: found.variables,
    }
    for cursor in unit.cursor.get_children():
        if cursor.location.file is None or home not in Path(str(cursor.location.file)).resolve().parents:
            continue
        if cursor.kind == cindex.CursorKind.MACRO_DEFINITION:
            found.macros.append(_macro(cursor))
        elif cursor.kind in kinds:
            kinds[cursor.kind].append(declared(cursor))
        elif cursor.kind not in (cindex.CursorKind.MACRO_INSTANTIATION, cindex.CursorKind.INCLUSION_DIRECTIVE):
            raise Refused(_where(cursor), f"a {cursor.kind.name.lower()} cannot be bound")
    return found


def evaluate(names: list[str], header: Path, include: Path) -> dict[str, int]:
    """The values of object-like macros, as a compiler computes them."""
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
