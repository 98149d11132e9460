"""How the model is spelled in Java: types, classes, and the names of C in comments."""

import hashlib
import json
import re
from dataclasses import asdict
from typing import Any

from ..model import Api, Enum, Field, Function, Handle, Param, Struct
from ..naming import camel, pascal, shared_prefix

PACKAGE = "org.pawl"
SOURCES = "bindings/java/src/main/java/org/pawl"
GLUE = "bindings/java/jni"

# Error construction, and taking events, are written by hand around these. What becomes readable with events is of no use
# beside a thread that takes them.
PLUMBING = {"pawl_last_error", "pawl_client_wait_events", "pawl_client_event_fd"}
# The class of the handle that they belong to, by hand, in between.
SOURCE_OF_EVENTS = "pawl_client"

OUTPUTS = ("out_handle", "out_int", "out_double", "out_bool", "out_enum", "out_value", "out_result", "out_text", "out_bytes", "request_id")
PARTNERS = ("length", "capacity", "written")


def _undocumented(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _undocumented(item) for key, item in value.items() if key != "doc"}
    return [_undocumented(item) for item in value] if isinstance(value, list) else value


def fingerprint(api: Api) -> str:
    """What jar and library must agree in: everything but the words."""
    text = json.dumps(_undocumented(asdict(api)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_wide(ctype: str) -> bool:
    """Whether a number of this type of C needs a long (int64_t and size_t, and uint32_t, which int cannot say)."""
    return ctype not in ("int32_t", "int16_t", "uint16_t", "int8_t", "pawl_status")


def number(ctype: str) -> str:
    return "long" if is_wide(ctype) else "int"


def is_flags(api: Api, name: str) -> bool:
    return api.enum(name).kind == "flags"


def enum_type(api: Api, name: str) -> str:
    return f"Set<{pascal(name)}>" if is_flags(api, name) else pascal(name)


def outputs(function: Function) -> list[Param]:
    return [it for it in function.params if it.shape in OUTPUTS]


def inputs(function: Function) -> list[Param]:
    """What the caller says, without the object itself."""
    return [it for it in function.params if it.shape not in OUTPUTS and it.shape not in PARTNERS and it.shape != "self"]


def native(function: Function) -> str:
    return "n" + pascal(function.method)


def is_open(param: Param) -> bool:
    """Bytes of any length: they may come in a ByteBuffer, too."""
    return param.shape == "bytes" and not param.exact


def exposed(api: Api, handle: Handle) -> list[Function]:
    return [it for it in api.of(handle, "method", "factory") if it.name not in PLUMBING]


def plumbing_structs(api: Api) -> set[str]:
    """Structs that only the construction of errors sees."""
    seen = {it.of for f in api.functions if f.name not in PLUMBING for it in f.params}
    own = {it.of for f in api.functions if f.name in PLUMBING for it in f.params}
    return (own - seen) & {it.name for it in api.structs if it.kind == "result"}


def struct_fields(struct: Struct) -> list[Field]:
    """The fields that say something."""
    return [it for it in struct.fields if it.shape not in ("struct_size", "reserved", "length", "callback", "user")]


def carried(api: Api) -> set[str]:
    """Structs that come from the library: results, what pages hold, and what those point to."""
    found: set[str] = set()
    waiting = [it.name for it in api.structs if it.kind in ("result", "view")]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [it.of for it in api.struct(name).fields if it.shape == "struct_ref"]
    return found


def exception_name(short: str) -> str:
    return "".join(part.capitalize() for part in short.split("_"))


def exception_base(value: Any) -> str:
    """The class of ours that an error derives from: PawlException, or one below an exception of Java's."""
    theirs = value.exceptions[1] if len(value.exceptions) > 1 else ""
    return f"Pawl{theirs}" if theirs else "PawlException"


class Words:
    """Says names of C, as they stand in the headers' comments, as names of Java."""

    def __init__(self, api: Api) -> None:
        self._said: dict[str, str] = {}
        for struct in api.structs:
            self._said[struct.name] = pascal(struct.name)
        for handle in api.handles:
            self._said[handle.name] = pascal(handle.name)
        for it in api.functions:
            home = pascal(it.owner) if it.owner else "Pawl"
            self._said[it.name] = f"{home}.{camel(it.method)}"
        for enum in api.enums:
            self._enum(enum)
        for constant in api.constants:
            self._said[constant.name] = f"Pawl.{constant.name.removeprefix('PAWL_')}"

    def _enum(self, enum: Enum) -> None:
        self._said[enum.name] = pascal(enum.name)
        names = [it.name for it in enum.values]
        self._said[shared_prefix(names) + "*"] = pascal(enum.name)
        for it in enum.values:
            self._said[it.name] = f"{pascal(enum.name)}.{it.short}"
            if enum.kind == "status_enum" and it.value != 0:
                self._said[it.name] = f"{exception_base(it)}.{exception_name(it.short)}"

    def java(self, doc: str) -> str:
        text = doc.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("*/", "* /").replace("@", "&#64;")
        text = re.sub(r"\b(pawl_\w+|PAWL_\w+)\b", lambda it: self._link(it[0]), text)
        text = re.sub(r"`([^`\n]+)`", lambda it: f"{{@code {camel(it[1]) if re.fullmatch(r'[a-z]+(_[a-z]+)*', it[1]) else it[1]}}}", text)
        return re.sub(r"\b[a-z]+(?:_[a-z0-9]+)+\b", lambda it: camel(it[0]), text)

    def _link(self, name: str) -> str:
        return f"{{@code {self._said[name]}}}" if name in self._said else name


def javadoc(text: str, by: int = 0) -> str:
    """A comment of Java, or nothing where there is nothing to say."""
    from .text import wrapped

    if not text.strip():
        return ""
    lines = wrapped(text, 118 - by, " * ", " * ")
    pad = " " * by
    if len(lines) == 1 and len(lines[0]) + by < 112:
        return f"{pad}/** {lines[0][3:]} */\n"
    body = "".join(f"{pad}{' * <p>' + line[3:] if new else line}\n" for line, new in _starts(lines))
    return f"{pad}/**\n{body}{pad} */\n"


def _starts(lines: list[str]) -> list[tuple[str, bool]]:
    """Each line, and whether it begins a paragraph but the first."""
    return [(line, number > 0 and lines[number - 1].strip() == "*") for number, line in enumerate(lines)]
