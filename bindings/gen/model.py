"""The API as the emitters see it, and as bindings/api.json keeps it: plain data, every shape decided.

The shapes of parameters, in the order of C:

  self handle text bytes length int double bool enum options value            what goes in
  out_handle out_int out_double out_bool out_enum out_value out_result        what comes out
  out_text out_bytes capacity written request_id

`length` follows its `bytes`; `capacity` and `written` follow their `out_text` or `out_bytes`.

The shapes of fields:

  struct_size reserved int double bool enum status text bytes length value value_ref struct_ref array callback user

`value` is a frozen struct in place, `value_ref` and `struct_ref` point to one, or null.

What a function returns: status void int double bool text bytes view. `text` is static, `bytes` (of `size`) and `view` live
as long as the object.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol


class Declaration(Protocol):
    """What all declarations have."""

    name: str
    header: str
    doc: str


@dataclass
class Constant:
    name: str
    value: int
    header: str
    doc: str = ""


@dataclass
class EnumValue:
    name: str
    short: str  # without the prefix that all values share
    value: int
    doc: str = ""
    exceptions: list[str] = field(default_factory=list)  # [Python's, Java's]; "" for none


@dataclass
class Enum:
    name: str
    kind: str  # enum, flags, status_enum
    header: str
    doc: str
    values: list[EnumValue]


@dataclass
class Field:
    name: str
    shape: str
    ctype: str
    offset: int
    size: int
    doc: str = ""
    nullable: bool = False
    of: str = ""  # the struct, enum or callback that the shape is about
    partner: str = ""  # of bytes: the field of its length; of a callback: the one of its user pointer


@dataclass
class Struct:
    name: str
    kind: str  # options: the caller fills it in; result: the library does; view: inside a parent; value: frozen
    header: str
    doc: str
    size: int
    align: int
    fields: list[Field]
    start: str = ""  # the macro of its size and zeros


@dataclass
class Bound:
    """How much an output may need: a constant, the length of an input plus something, or what a call says."""

    constant: str = ""
    length_of: str = ""
    plus: int = 0
    call: str = ""
    arguments: list[str] = field(default_factory=list)


@dataclass
class Param:
    name: str
    shape: str
    ctype: str
    nullable: bool = False
    of: str = ""  # the handle, struct or enum that the shape is about
    exact: str = ""  # of bytes: the constant that is the only accepted length
    bound: Bound | None = None  # of out_text and out_bytes
    is_wait: bool = False  # milliseconds, below 0 for ever; when they are over nothing has changed


@dataclass
class Function:
    name: str
    header: str
    doc: str
    since: str
    owner: str  # the handle whose class has it; "" for none
    method: str  # its name there
    role: str  # method, factory, free, close, release, count, at, data, size
    returns: str
    return_ctype: str
    params: list[Param]
    return_of: str = ""
    blocking: bool = False
    fast: bool = False
    completes: str = ""  # "": at once; event: by an event; data: by an event that has data


@dataclass
class Handle:
    name: str
    noun: str
    header: str
    doc: str
    kind: str  # object, page (count and at), bytes (data and size)
    release: str
    close: str = ""
    item: str = ""  # of a page: its view struct


@dataclass
class Callback:
    name: str
    header: str
    doc: str
    ctype: str


@dataclass
class Api:
    version: str
    constants: list[Constant]
    enums: list[Enum]
    callbacks: list[Callback]
    structs: list[Struct]
    handles: list[Handle]
    functions: list[Function]

    def handle(self, name: str) -> Handle:
        return next(it for it in self.handles if it.name == name)

    def struct(self, name: str) -> Struct:
        return next(it for it in self.structs if it.name == name)

    def enum(self, name: str) -> Enum:
        return next(it for it in self.enums if it.name == name)

    def function(self, name: str) -> Function:
        return next(it for it in self.functions if it.name == name)

    def status_enum(self) -> Enum:
        return next(it for it in self.enums if it.kind == "status_enum")

    def of(self, handle: Handle, *roles: str) -> list[Function]:
        """The functions of a handle's class with one of these roles, or all of them."""
        return [it for it in self.functions if it.owner == handle.name and (not roles or it.role in roles)]


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or value == "" or value == []


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if not _says_nothing(item)}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def to_json(api: Api) -> str:
    """The text of the lock: what is empty is left out, so that a line says something."""
    return json.dumps(_pruned(asdict(api)), indent=1, ensure_ascii=False) + "\n"


def _bound(data: dict[str, Any]) -> Bound | None:
    return Bound(**data["bound"]) if "bound" in data else None


def _function(data: dict[str, Any]) -> Function:
    given: list[dict[str, Any]] = [{**param, "bound": _bound(param)} for param in data.get("params", [])]
    params = [Param(**it) for it in given]
    whole: dict[str, Any] = {"doc": "", "owner": "", **data, "params": params}
    return Function(**whole)


def _struct(data: dict[str, Any]) -> Struct:
    whole: dict[str, Any] = {"doc": "", **data, "fields": [Field(**it) for it in data["fields"]]}
    return Struct(**whole)


def _enum(data: dict[str, Any]) -> Enum:
    whole: dict[str, Any] = {"doc": "", **data, "values": [EnumValue(**it) for it in data["values"]]}
    return Enum(**whole)


def from_json(text: str) -> Api:
    data = json.loads(text)
    return Api(
        version=data["version"],
        constants=[Constant(**it) for it in data.get("constants", [])],
        enums=[_enum(it) for it in data.get("enums", [])],
        callbacks=[Callback(**{"doc": "", **it}) for it in data.get("callbacks", [])],
        structs=[_struct(it) for it in data.get("structs", [])],
        handles=[Handle(**{"doc": "", **it}) for it in data.get("handles", [])],
        functions=[_function(it) for it in data.get("functions", [])],
    )


def load(path: Path) -> Api:
    return from_json(path.read_text(encoding="utf-8"))
