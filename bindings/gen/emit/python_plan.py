"""How each function of the C API is called from Python: its arguments, what it gives, and both in types."""

from dataclasses import dataclass

from ..errors import Refused
from ..model import Api, Field, Function, Param, Struct
from .python_names import class_name, is_path, output_name, outputs, result_name

BYTES_LIKE = "BytesLike"
PATH_LIKE = "StrPath"  # both in pawl/_types.py

# kMaxArguments and kMaxHeld of bindings/python/src/runtime.h.
MAX_ARGUMENTS, MAX_HELD = 48, 8
_ROOM = "make more room in python_plan.py and runtime.h"


@dataclass
class Argument:
    name: str
    taken: str  # the function of runtime.h, or Record for the fields of one
    annotation: str
    default: str = ""  # "" where one must be given
    nullable: bool = False
    by_name: bool = False  # by keyword alone
    of: str = ""
    doc: str = ""

    def typed(self) -> str:
        """name: str | None = None"""
        return f"{self.name}: {self.annotation}" + (f" = {self.default}" if self.default else "")

    def plain(self) -> str:
        """name=None"""
        return f"{self.name}={self.default}" if self.default else self.name


@dataclass
class Plan:
    """A function as Python sees it."""

    function: Function
    arguments: list[Argument]
    gives: list[tuple[str, str]]  # (name, annotation) of each output

    @property
    def is_static(self) -> bool:
        return self.function.role in ("factory", "free")

    @property
    def annotation(self) -> str:
        """What is returned."""
        if not self.gives:
            return "None"
        return self.gives[0][1] if len(self.gives) == 1 else result_name(self.function)

    def signature(self) -> str:
        """address, name=None, *, size=0"""
        parts = []
        for number, it in enumerate(self.arguments):
            if it.by_name and not any(before.by_name for before in self.arguments[:number]):
                parts.append("*")
            parts.append(it.plain())
        return ", ".join(parts)

    def definition(self, indent: str, result: str = "") -> str:
        """def open(…) -> Client: in lines of at most 120 columns."""
        params = ([] if self.is_static else ["self"]) + self.typed()
        head, tail = f"{indent}def {self.function.method}(", f") -> {result or self.annotation}:"
        one = head + ", ".join(params) + tail
        if len(one) <= 114:
            return one
        inner = f"{indent}    " + ", ".join(params)
        if len(inner) <= 120:
            return f"{head}\n{inner}\n{indent}{tail}"
        return head + "\n" + "".join(f"{indent}    {it},\n" for it in params) + indent + tail

    def typed(self) -> list[str]:
        """["address: str", "name: str | None = None", "*", …]"""
        parts = []
        for number, it in enumerate(self.arguments):
            if it.by_name and not any(before.by_name for before in self.arguments[:number]):
                parts.append("*")
            parts.append(it.typed())
        return parts


_INTEGERS = {
    "int32_t": "TakeInt32", "uint32_t": "TakeUint32", "int64_t": "TakeInt64", "uint64_t": "TakeUint64",
    "size_t": "TakeSize", "pawl_status": "TakeInt32",
}  # fmt: skip


def records(api: Api) -> list[Struct]:
    """Structs that are objects in Python: those that the library fills, and options that views show, too."""
    shown = shown_options(api)
    return [it for it in api.structs if it.name in shown or it.kind in ("result", "view")]


def shown_options(api: Api) -> set[str]:
    """Options that are also seen inside of a view: a class with a constructor. Other options are keyword arguments."""
    kinds = {it.name: it.kind for it in api.structs}
    return {it.of for struct in api.structs for it in struct.fields if it.shape == "struct_ref" and kinds[it.of] == "options"}


def _or_none(annotation: str, nullable: bool) -> str:
    return f"{annotation} | None" if nullable else annotation


def _of_shape(shape: str, it: Param | Field) -> tuple[str, str]:
    """(function that takes it, annotation)"""
    if shape == "text":
        return ("TakePath", PATH_LIKE) if is_path(it.name) else ("TakeText", "str")
    if shape in ("bytes", "value", "value_ref"):
        return ("TakeBytes" if shape == "bytes" else "TakeValue"), BYTES_LIKE
    if shape in ("int", "enum", "status"):
        return _INTEGERS[it.ctype], "int"
    simple = {"double": ("TakeDouble", "float"), "bool": ("TakeBool", "bool")}
    if shape in simple:
        return simple[shape]
    raise Refused(it.name, f"Python cannot be given a {shape}")


_SILENT = ("struct_size", "reserved", "length", "callback", "user")


def option_fields(struct: Struct) -> list[Field]:
    """The fields that a caller in Python can set: no callbacks."""
    return [it for it in struct.fields if it.shape not in _SILENT]


def shown_fields(struct: Struct) -> list[Field]:
    """The fields that a reader in Python sees."""
    return [it for it in struct.fields if it.shape not in _SILENT]


def option_arguments(struct: Struct) -> list[Argument]:
    made = []
    for it in option_fields(struct):
        in_place = it.shape in ("value", "array")
        taken, annotation = ("TakeArray", BYTES_LIKE) if in_place else _of_shape(it.shape, it)
        nullable = it.nullable or in_place
        pointed = it.shape in ("text", "bytes", "value_ref")
        default = "None" if nullable else "" if pointed else {"bool": "False", "double": "0.0"}.get(it.shape, "0")
        made.append(Argument(it.name, taken, _or_none(annotation, nullable), default, nullable, True, it.of, it.doc))
    return made


def _argument(param: Param) -> Argument:
    if param.shape == "handle":
        annotation = _or_none(class_name(param.of), param.nullable)
        return Argument(param.name, "TakeHandle", annotation, "", param.nullable, of=param.of)
    taken, annotation = _of_shape(param.shape, param)
    return Argument(param.name, taken, _or_none(annotation, param.nullable), "", param.nullable, of=param.of)


def _arguments(api: Api, function: Function) -> list[Argument]:
    shown = shown_options(api)
    made: list[Argument] = []
    for param in function.params:
        if param.shape == "options" and param.of in shown:
            annotation = _or_none(class_name(param.of), param.nullable)
            made.append(Argument(param.name, "Record", annotation, "", param.nullable, of=param.of))
        elif param.shape == "options":
            made += option_arguments(api.struct(param.of))
        elif param.shape in ("handle", "text", "bytes", "value", "int", "enum", "double", "bool"):
            made.append(_argument(param))
    by_name = [it.by_name for it in made]
    if by_name != sorted(by_name):
        raise Refused(function.name, "options stand before another parameter: in Python they come last, by name")
    options = [it for it in function.params if it.shape == "options" and it.of not in shown]
    if len(options) > 1:
        raise Refused(function.name, "Python takes the fields of one options struct only")
    _demand_room(api, function, made)
    _default_the_last(made)
    names = [it.name for it in made]
    if len(set(names)) != len(names):
        raise Refused(function.name, "an option has the name of a parameter")
    return made


def _default_the_last(arguments: list[Argument]) -> None:
    """What may be null may be left out, when nothing that must be given comes after it. Not the bytes that a call is about:
    that they may be empty is no reason to forget them.
    """
    for number, it in reversed(list(enumerate(arguments))):
        if it.by_name:
            continue
        if not it.nullable or (number == 0 and it.taken == "TakeBytes"):
            return
        it.default = "None"


def output_annotation(api: Api, param: Param) -> str:
    if param.shape == "out_handle":
        handle = api.handle(param.of)
        if handle.kind == "bytes":
            return "bytes"
        if handle.kind == "page":
            return page_annotation(api, param.of)
        return class_name(param.of)
    plain = {"out_int": "int", "out_double": "float", "out_bool": "bool", "out_text": "str", "out_bytes": "bytes", "request_id": "int"}
    if param.shape in plain:
        return plain[param.shape]
    if param.shape == "out_enum":
        return f"{class_name(param.of)} | int"
    return class_name(param.of)


def page_annotation(api: Api, name: str) -> str:
    page = api.handle(name)
    return class_name(name) if api.of(page, "method") else f"list[{class_name(page.item)}]"


def field_annotation(it: Field) -> str:
    plain = {"int": "int", "double": "float", "bool": "bool", "status": "StatusCode | int", "array": "bytes"}
    if it.shape in plain:
        return plain[it.shape]
    if it.shape == "enum":
        return f"{class_name(it.of)} | int"
    if it.shape in ("text", "bytes"):
        return "str | None" if it.shape == "text" else "bytes | None"
    return class_name(it.of) if it.shape == "value" else f"{class_name(it.of)} | None"


def _demand_room(api: Api, function: Function, arguments: list[Argument]) -> None:
    """What runtime.h has room for in one call, the fields of records among it."""
    every = list(arguments)
    for it in arguments:
        every += option_arguments(api.struct(it.of)) if it.taken == "Record" else []
    if len(every) > MAX_ARGUMENTS:
        raise Refused(function.name, f"Python takes at most {MAX_ARGUMENTS} arguments, fields among them", _ROOM)
    if sum(it.taken in ("TakeBytes", "TakeValue", "TakeArray") for it in every) > MAX_HELD:
        raise Refused(function.name, f"Python takes at most {MAX_HELD} arguments of bytes", _ROOM)
    if sum(it.taken == "TakePath" for it in every) > MAX_HELD:
        raise Refused(function.name, f"Python takes at most {MAX_HELD} paths", _ROOM)


def plan(api: Api, function: Function) -> Plan:
    given = [(output_name(it), output_annotation(api, it)) for it in outputs(function)]
    if function.returns not in ("status", "void"):
        given = [("", {"int": "int", "double": "float", "bool": "bool", "text": "str"}[function.returns])]
    return Plan(function, _arguments(api, function), given)
