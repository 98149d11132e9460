"""The structs, enums, handles, callbacks and constants of the headers, each in a shape that can be bound."""

import re
from typing import Any

from .clang_ast import cindex

from . import clang_ast as ast
from .clang_ast import Declared, Header
from .errors import Refused
from .model import Callback, Constant, Enum, EnumValue, Field, Handle, Struct
from .naming import checked, noun, shared_prefix

INTEGERS = {"int32_t", "uint32_t", "int64_t", "uint64_t", "size_t", "uint8_t"}
STRUCT_KINDS = {"options", "result", "view", "value"}
FIELD_MARKS = {"nullable", "bool"}


def spelled(ctype: Any) -> str:
    """A type as C writes it, with one blank: "const char*"."""
    return re.sub(r"\s*\*\s*", "*", ctype.spelling.replace("struct ", "")).strip()


def take(marks: list[str], known: set[str], prefixes: set[str], where: str) -> dict[str, str]:
    """Annotations as a table; refuses those that say nothing here."""
    found = {}
    for mark in marks:
        key, _, value = mark.partition(":")
        if mark in known:
            found[mark] = ""
        elif key in prefixes and value:
            found[key] = value
        else:
            raise Refused(where, f"the annotation {mark!r} means nothing here")
    return found


class Types:
    """What the declarations of types came to; functions are read against it."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.callbacks: dict[str, Callback] = {}
        self.handles: dict[str, Declared] = {}
        self.enums = {it.name: self._enum(it) for it in header.enums}
        if sum(it.kind == "status_enum" for it in self.enums.values()) > 1:
            raise Refused(header.enums[-1].where, "there is a second status_enum")
        self._kinds = {it.name: self._struct_kind(it) for it in header.structs if it.cursor.is_definition()}
        self._typedefs()
        self.structs: dict[str, Struct] = {}
        for it in header.structs:
            if it.cursor.is_definition():
                self.structs[it.name] = self._struct(it)

    # Enums.

    def _enum(self, it: Declared) -> Enum:
        kinds = take(it.marks, {"enum", "flags", "status_enum"}, set(), it.where)
        if len(kinds) != 1 or not it.name.startswith("pawl_"):
            raise Refused(it.where, f"enum {it.name!r} is not marked once as enum, flags or status_enum")
        constants = list(ast.constants(it))
        kind = next(iter(kinds))
        prefix = "PAWL_" if kind == "status_enum" else shared_prefix([c.name for c in constants])
        if not prefix.startswith("PAWL_"):
            raise Refused(it.where, f"values of {it.name} do not begin with PAWL_")
        values = [self._enum_value(c, prefix, kind) for c in constants]
        numbers = [value.value for value in values]
        if len(set(numbers)) != len(numbers):
            raise Refused(it.where, f"two values of {it.name} are the same number")
        return Enum(it.name, kind, it.header, it.doc, values)

    def _enum_value(self, it: Declared, prefix: str, kind: str) -> EnumValue:
        value = it.cursor.enum_value
        marks = take(it.marks, set(), {"exc"} if kind == "status_enum" else set(), it.where)
        if not -(2**31) <= value < 2**31 or (kind == "flags" and (value <= 0 or value & (value - 1))):
            raise Refused(it.where, f"{it.name} = {value} does not fit an int32_t, or is not one bit of a flag")
        if kind == "status_enum" and (value > 0 or (value == 0) != (it.name == "PAWL_OK")):
            raise Refused(it.where, f"{it.name} = {value}: PAWL_OK is 0, failures are negative")
        exceptions = marks["exc"].split(",") if "exc" in marks else []
        if exceptions and len(exceptions) != 2:
            raise Refused(it.where, "PAWL_EXC names Python's exception, a comma, and Java's")
        short = it.name.removeprefix(prefix).removeprefix("E_" if kind == "status_enum" else "")
        return EnumValue(it.name, checked(short, it.where), value, it.doc, exceptions)

    # Typedefs: handles, structs, callbacks, and pawl_status.

    def _typedefs(self) -> None:
        for it in self.header.typedefs:
            under = it.cursor.underlying_typedef_type.get_canonical()
            if it.name == "pawl_status" and spelled(it.cursor.underlying_typedef_type) == "int32_t":
                continue
            if under.kind == cindex.TypeKind.RECORD and spelled(under) == it.name:
                if it.name not in self._kinds:
                    self.handles[it.name] = it
            elif under.kind == cindex.TypeKind.POINTER and "(*)" in under.spelling.replace(" ", ""):
                self.callbacks[it.name] = Callback(it.name, it.header, it.doc, spelled(under))
            else:
                raise Refused(it.where, f"typedef {it.name} is neither a handle, a struct of its own name nor a callback")

    # Structs.

    def _struct_kind(self, it: Declared) -> str:
        kinds = take(it.marks, STRUCT_KINDS, set(), it.where)
        if len(kinds) != 1 or not it.name.startswith("pawl_"):
            raise Refused(it.where, f"struct {it.name!r} is not marked once as options, result, view or value")
        return next(iter(kinds))

    def _struct(self, it: Declared) -> Struct:
        kind = self._kinds[it.name]
        ctype = it.cursor.type
        fields: list[Field] = []
        declared = list(ast.fields(it))
        for number, member in enumerate(declared):
            fields.append(self._field(member, kind, number, declared))
        size, align = ctype.get_size(), ctype.get_align()
        end = 0
        for member in fields:
            if member.offset != end:
                raise Refused(it.where, f"{it.name} has a hole before {member.name}", "add a reserved field")
            end = member.offset + member.size
        if end != size:
            raise Refused(it.where, f"{it.name} has a hole at its end", "add a reserved field")
        return Struct(it.name, kind, it.header, it.doc, size, align, fields)

    def _field(self, it: Declared, kind: str, number: int, all_of_them: list[Declared]) -> Field:
        ctype = spelled(it.cursor.type)
        parent = it.cursor.semantic_parent.type
        marks = take(it.marks, FIELD_MARKS, {"enum_of"}, it.where)
        if it.cursor.is_bitfield():
            raise Refused(it.where, f"{it.name} is a bit field")
        made = Field(
            name=checked(it.name, it.where),
            shape="",
            ctype=ctype,
            offset=parent.get_offset(it.name) // 8,
            size=it.cursor.type.get_size(),
            doc=it.doc,
            nullable="nullable" in marks or kind == "view",
        )
        has_size = (number == 0 and it.name == "struct_size" and ctype == "uint32_t")
        if (number == 0 and kind != "value") != has_size or (it.name == "struct_size" and not has_size):
            raise Refused(it.where, "uint32_t struct_size is the first field of every struct but values, and of no other")
        made.shape, made.of, made.partner = self._field_shape(it, made, marks, all_of_them)
        if kind == "value" and made.shape not in ("int", "double", "array"):
            raise Refused(it.where, f"{it.name}: a value holds numbers and arrays of bytes alone")
        if not made.ctype.endswith("*") and made.shape != "callback":
            if "nullable" in marks:
                raise Refused(it.where, f"{it.name} is no pointer and cannot be null")
            made.nullable = False
        return made

    def _field_shape(self, it: Declared, made: Field, marks: dict[str, str], near: list[Declared]) -> tuple[str, str, str]:
        names = {member.name: spelled(member.cursor.type) for member in near}
        ctype, name = made.ctype, made.name
        if name == "struct_size":
            return "struct_size", "", ""
        if name.startswith("reserved") and ctype in INTEGERS:
            return "reserved", "", ""
        if ctype in ("int32_t", "uint32_t") and marks.keys() & {"bool", "enum_of"}:
            return self.number_shape(ctype, marks, it.where)
        if marks.keys() & {"bool", "enum_of"}:
            raise Refused(it.where, f"{name}: PAWL_BOOL and PAWL_ENUM mark 32-bit integers")
        if ctype == "pawl_status":
            return "status", "", ""
        if ctype == "size_t" and name.endswith("_len") and names.get(name.removesuffix("_len")) == "const uint8_t*":
            return "length", "", ""
        if ctype in INTEGERS - {"uint8_t"}:
            return "int", "", ""
        if ctype == "double":
            return "double", "", ""
        if ctype == "const char*":
            return "text", "", ""
        if ctype == "const uint8_t*" and names.get(f"{name}_len") == "size_t":
            return "bytes", "", f"{name}_len"
        if re.fullmatch(r"uint8_t ?\[\d+\]", ctype):
            return "array", "", ""
        if ctype in self.callbacks:
            if names.get(f"{name}_user") != "void*":
                raise Refused(it.where, f"the callback {name} has no void* {name}_user beside it")
            return "callback", ctype, f"{name}_user"
        if ctype == "void*" and names.get(name.removesuffix("_user")) in self.callbacks:
            return "user", "", ""
        return self._struct_shape(ctype, it)

    def _struct_shape(self, ctype: str, it: Declared) -> tuple[str, str, str]:
        named = ctype.removeprefix("const ").removesuffix("*")
        kind = self._kinds.get(named)
        if kind == "value" and ctype == named:
            return "value", named, ""
        if kind == "value" and ctype == f"const {named}*":
            return "value_ref", named, ""
        if kind in ("view", "options") and ctype == f"const {named}*":
            return "struct_ref", named, ""
        raise Refused(it.where, f"cannot bind {ctype} {it.name}")

    def number_shape(self, ctype: str, marks: dict[str, str], where: str) -> tuple[str, str, str]:
        """(bool or enum, the enum, "") of a marked 32-bit integer."""
        if "bool" in marks and "enum_of" not in marks and ctype == "int32_t":
            return "bool", "", ""
        enum = self.enums.get(marks.get("enum_of", ""))
        if enum is None or "bool" in marks or (enum.kind == "flags") != (ctype == "uint32_t"):
            raise Refused(where, "PAWL_BOOL marks an int32_t; PAWL_ENUM names an enum (int32_t) or flags (uint32_t)")
        return "enum", enum.name, ""

    # Handles and constants.

    def handle(self, name: str, release: str, close: str, kind: str, item: str) -> Handle:
        it = self.handles[name]
        return Handle(name, checked(noun(name), it.where), it.header, it.doc, kind, release, close, item)


DIALECT = "export.h"


def constants(header: Header, evaluate: Any) -> list[Constant]:
    """Object-like macros that are numbers. What else may be a macro: guards, PAWL_X_INIT, and the marks of export.h."""
    wanted: dict[str, str] = {}
    for name, (where, home, tokens) in header.macros.items():
        if not tokens or home == DIALECT or name.endswith("_INIT"):
            continue
        if not name.startswith("PAWL_") or any(re.match(r"[a-z_\"'{]", token) for token in tokens):
            raise Refused(where, f"the macro {name} is not a number that begins with PAWL_")
        wanted[name] = home
    values = evaluate(list(wanted))
    return [Constant(name, values[name], home) for name, home in wanted.items()]
