"""The structs, enums, handles, callbacks and constants of the headers, each in a shape that can be bound."""

import builtins
import re
from collections.abc import Callable
from typing import Any

from . import clang_ast as ast
from .clang_ast import Declared, Header, Macro, TypeKind
from .errors import Refused
from .model import Callback, Constant, Enum, EnumValue, Field, Handle, Struct
from .naming import checked, checked_type, demand_distinct, noun, shared_prefix

INTEGERS = {"int32_t", "uint32_t", "int64_t", "uint64_t", "size_t", "uint8_t"}
STRUCT_KINDS = {"options", "result", "view", "value"}
FIELD_MARKS = {"nullable", "bool"}
CALLBACK_PARAMS = {"int32_t", "uint32_t", "int64_t", "uint64_t", "const char*"}


_COPIED = {"struct_size", "reserved", "int", "double", "bool", "enum", "status", "text", "array", "value"}
_HELD = {
    "value": {"int", "double", "array"},
    "result": _COPIED,  # no memory of anybody's; a text is static
    "view": _COPIED | {"bytes", "length", "value_ref", "struct_ref"},
}
_REFERRED = {("view", "view"), ("options", "view"), ("options", "options")}  # (what is pointed to, what points to it)


def spelled(ctype: Any) -> str:
    """A type as C writes it, with one blank: "const char*"."""
    return re.sub(r"\s*\*\s*", "*", ctype.spelling.replace("struct ", "")).strip()


def take(marks: list[str], known: set[str], prefixes: set[str], where: str) -> dict[str, str]:
    """Annotations as a table; refuses those that say nothing here."""
    found = {}
    for mark in marks:
        key, _, value = mark.partition(":")
        if key in found:
            raise Refused(where, f"the annotation {key!r} stands there twice")
        if mark not in known and not (key in prefixes and value):
            raise Refused(where, f"the annotation {mark!r} means nothing here")
        found[key] = value
    return found


class Types:
    """What the declarations of types came to; functions are read against it."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.callbacks: dict[str, Callback] = {}
        self.handles: dict[str, Declared] = {}
        self.enums = {it.name: self._enum(it) for it in header.enums}
        statuses = [it.name for it in self.enums.values() if it.kind == "status_enum"]
        if len(statuses) != 1:
            raise Refused("the headers", f"there is not one status_enum, but {statuses}")
        self.kinds = {it.name: self._struct_kind(it) for it in header.structs if it.cursor.is_definition()}
        self._typedefs()
        self._demand_typedefs()
        self.structs: dict[str, Struct] = {}
        for it in header.structs:
            if it.cursor.is_definition():
                self.structs[it.name] = self._struct(it)

    # Enums.

    def _enum(self, it: Declared) -> Enum:
        kinds = take(it.marks, {"enum", "flags", "status_enum"}, set(), it.where)
        if len(kinds) != 1:
            raise Refused(it.where, f"enum {it.name} is not marked once as enum, flags or status_enum")
        checked_type(it.name, it.where)
        constants = list(ast.constants(it))
        kind = next(iter(kinds))
        if not constants or not all(re.fullmatch(r"PAWL_[A-Z0-9_]+", c.name) for c in constants):
            raise Refused(it.where, f"{it.name} has no values, or one that is not spelled PAWL_<NAME>")
        prefix = "PAWL_" if kind == "status_enum" else shared_prefix([c.name for c in constants])
        values = [self._enum_value(c, prefix, kind) for c in constants]
        if kind == "status_enum" and not any(value.name == "PAWL_OK" for value in values):
            raise Refused(it.where, f"{it.name} has no PAWL_OK")
        numbers = [value.value for value in values]
        if len(set(numbers)) != len(numbers):
            raise Refused(it.where, f"two values of {it.name} are the same number")
        demand_distinct([value.short for value in values], it.name, it.where)
        return Enum(it.name, kind, it.header, it.doc, values)

    def _enum_value(self, it: Declared, prefix: str, kind: str) -> EnumValue:
        value = it.cursor.enum_value
        marks = take(it.marks, set(), {"exc"} if kind == "status_enum" else set(), it.where)
        if not -(2**31) <= value < 2**31 or (kind == "flags" and (value <= 0 or value & (value - 1))):
            raise Refused(it.where, f"{it.name} = {value} does not fit an int32_t, or is not one bit of a flag")
        if kind == "status_enum" and not (it.name.startswith("PAWL_E_") and value < 0 or (it.name, value) == ("PAWL_OK", 0)):
            raise Refused(it.where, f"{it.name} = {value}: PAWL_OK is 0, failures are PAWL_E_<NAME> and negative")
        short = it.name.removeprefix(prefix).removeprefix("E_" if kind == "status_enum" else "")
        return EnumValue(it.name, checked(short, it.where), value, it.doc, self._exceptions(it, marks.get("exc")))

    def _exceptions(self, it: Declared, names: str | None) -> list[str]:
        """[Python's, Java's], either of which may be ""."""
        if names is None:
            return []
        python, comma, java = names.partition(",")
        is_python = isinstance(raised := getattr(builtins, python, None), type) and issubclass(raised, Exception)
        is_java = re.fullmatch(r"[A-Z][A-Za-z]*(Exception|Error)", java)
        if not comma or not (python or java) or (python and not is_python) or (java and not is_java) or it.name == "PAWL_OK":
            raise Refused(it.where, f"{it.name}: PAWL_EXC({names!r}) does not name Python's exception, a comma, and Java's")
        return [python, java]

    # Typedefs: handles, structs, callbacks, and pawl_status.

    def _typedefs(self) -> None:
        for it in self.header.typedefs:
            under = it.cursor.underlying_typedef_type.get_canonical()
            take(it.marks, set(), set(), it.where)
            if it.name == "pawl_status" and spelled(it.cursor.underlying_typedef_type) == "int32_t":
                continue
            checked_type(it.name, it.where)
            if under.kind == TypeKind.RECORD and spelled(under) == it.name:
                if it.name not in self.kinds:
                    self.handles[it.name] = it
            elif under.kind == TypeKind.POINTER and "(*)" in under.spelling.replace(" ", ""):
                self._demand_callback(it, it.cursor.underlying_typedef_type.get_pointee())
                self.callbacks[it.name] = Callback(it.name, it.header, it.doc, spelled(under))
            else:
                raise Refused(it.where, f"typedef {it.name} is neither a handle, a struct of its own name nor a callback")

    def _demand_callback(self, it: Declared, called: Any) -> None:
        called = called.get_canonical() if called.kind != TypeKind.FUNCTIONPROTO else called
        if called.kind != TypeKind.FUNCTIONPROTO or called.is_function_variadic():
            raise Refused(it.where, f"the callback {it.name} has no prototype, or a variable number of arguments")
        params = [spelled(param) for param in called.argument_types()]
        if spelled(called.get_result()) != "void" or params[:1] != ["void*"] or not set(params[1:]) <= CALLBACK_PARAMS:
            raise Refused(it.where, f"the callback {it.name} is not void (void* user, numbers and texts)")

    def _demand_typedefs(self) -> None:
        """A struct is called by its typedef, and what is not defined is a handle."""
        named = {it.name for it in self.header.typedefs}
        for it in self.header.structs:
            if it.name not in named:
                raise Refused(it.where, f"struct {it.name} has no typedef of that name")
            if not it.cursor.is_definition():
                take(it.marks, set(), set(), it.where)

    # Structs.

    def _struct_kind(self, it: Declared) -> str:
        kinds = take(it.marks, STRUCT_KINDS, set(), it.where)
        if len(kinds) != 1:
            raise Refused(it.where, f"struct {it.name} is not marked once as options, result, view or value")
        return next(iter(kinds))

    def _struct(self, it: Declared) -> Struct:
        kind = self.kinds[it.name]
        ctype = it.cursor.type
        fields: list[Field] = []
        declared = list(ast.fields(it))
        for number, member in enumerate(declared):
            fields.append(self._field(member, kind, number, declared))
        size, align = ctype.get_size(), ctype.get_align()
        end = 0
        for made in fields:
            if made.offset != end:
                raise Refused(it.where, f"{it.name} has a hole before {made.name}", "add a reserved field")
            end = made.offset + made.size
        if end != size or not fields:
            raise Refused(it.where, f"{it.name} has no fields, or a hole at its end", "add a reserved field")
        if align != max(member.cursor.type.get_align() for member in declared):
            raise Refused(it.where, f"{it.name} is aligned by {align}, not as its fields are")
        demand_distinct([made.name for made in fields], it.name, it.where)
        if kind == "value" and any(made.name == "raw" for made in fields):
            raise Refused(it.where, f"{it.name} has a field raw, which is the struct itself in C++")
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
            raise Refused(it.where, f"{it.name}: uint32_t struct_size begins every struct but values, and is in no other place")
        made.shape, made.of, made.partner = self._field_shape(it, made, marks, all_of_them)
        if marks and made.shape in ("struct_size", "reserved"):
            raise Refused(it.where, f"an annotation means nothing at {it.name}")
        if made.shape not in _HELD.get(kind, {made.shape}):
            raise Refused(it.where, f"{it.name}: a struct marked {kind} cannot hold {made.ctype}")
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
        if re.fullmatch(r"reserved\d*", name) and ctype in INTEGERS:
            return "reserved", "", ""
        if ctype in ("int32_t", "uint32_t") and marks.keys() & {"bool", "enum_of"}:
            return self.number_shape(ctype, marks, it.where, name)
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
        if re.fullmatch(r"uint8_t ?\[[1-9]\d*\]", ctype):
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
        kind = self.kinds.get(named)
        if kind == "value" and ctype == named:
            return "value", named, ""
        if kind == "value" and ctype == f"const {named}*":
            return "value_ref", named, ""
        inside = self.kinds[it.cursor.semantic_parent.spelling]
        if ctype == f"const {named}*" and named in self.structs and (kind, inside) in _REFERRED:
            return "struct_ref", named, ""
        raise Refused(it.where, f"cannot bind {ctype} {it.name}")

    def number_shape(self, ctype: str, marks: dict[str, str], where: str, name: str) -> tuple[str, str, str]:
        """(bool or enum, the enum, "") of a marked 32-bit integer."""
        if "bool" in marks and "enum_of" not in marks and ctype == "int32_t":
            return "bool", "", ""
        enum = self.enums.get(marks.get("enum_of", ""))
        if enum is None or "bool" in marks or (enum.kind == "flags") != (ctype == "uint32_t"):
            raise Refused(where, f"{name}: PAWL_BOOL marks an int32_t; PAWL_ENUM names an enum (int32_t) or flags (uint32_t)")
        return "enum", enum.name, ""

    # Handles and constants.

    def handle(self, name: str, release: str, close: str, kind: str, item: str) -> Handle:
        it = self.handles[name]
        return Handle(name, checked(noun(name), it.where), it.header, it.doc, kind, release, close, item)


def constants(header: Header, starts: set[str], evaluate: Callable[[list[str]], dict[str, int]]) -> list[Constant]:
    """Object-like macros that are numbers. What else may be a macro: guards, `starts`, and the marks of export.h."""
    wanted = [it for it in header.macros if it.tokens and it.name not in starts and not _is_dialect(it)]
    for it in header.macros:
        if not it.tokens and not it.name.endswith("_H_") and not _is_dialect(it):
            raise Refused(it.where, f"the macro {it.name} stands for nothing")
    for it in wanted:
        number = all(re.fullmatch(r"\d[\dA-Fa-fxXuUlL]*|PAWL_[A-Z0-9_]+|[-+*()|]|<<", token) for token in it.tokens)
        if it.takes_arguments or not number or not re.fullmatch(r"PAWL_[A-Z0-9_]+", it.name):
            raise Refused(it.where, f"the macro {it.name} is not a number that begins with PAWL_")
    return [Constant(it.name, _value(it, evaluate), it.header, it.doc) for it in wanted]


def _is_dialect(it: Macro) -> bool:
    return it.header == ast.DIALECT and not all(re.fullmatch(r"\d.*|[-()]", token) for token in it.tokens or ["none"])


def _value(it: Macro, evaluate: Callable[[list[str]], dict[str, int]]) -> int:
    try:
        value = evaluate([it.name])[it.name]
    except Refused as refusal:
        raise Refused(it.where, f"the macro {it.name} has no value: {refusal}") from None
    if not -(2**31) <= value < 2**31:
        raise Refused(it.where, f"the macro {it.name} = {value} does not fit an int32_t")
    return value
