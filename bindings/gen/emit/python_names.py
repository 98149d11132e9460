"""What things of the C API are called in Python."""

import builtins
import re

from ..errors import Refused
from ..model import Api, Declaration, Enum, EnumValue, Function, Handle, Param
from ..naming import pascal
from .text import BY_EVENT, described, null_in

# The classes of failures, by the hundreds of their codes.
FAILURE_CLASSES = {
    1: ("UsageError", "The caller's mistake."),
    2: ("ProtocolError", "What a peer or the relay sent cannot be accepted. Nothing has changed."),
    3: ("CryptoError", "Cryptography and identity."),
    4: ("StorageError", "The store or a file."),
    5: ("NetworkError", "The network or the relay."),
    6: ("FlowError", "Too much at once, or cancelled."),
    9: ("InternalError", "A defect of Pawl itself, or no memory."),
}
# Builtins that would be hidden by `from pawl import *`.
_RENAMED = {"TimeoutError": "TimedOutError"}

# Known by name: they make the exceptions, so they are no functions of the module.
PLUMBING = {"pawl_last_error", "pawl_error_info"}

_PATH = re.compile(r"(?:^|_)(?:path|dir|file)$")


def class_name(c_name: str) -> str:
    return pascal(c_name)


def is_path(name: str) -> bool:
    """Whether a text of this name is a path, so that os.PathLike may be given."""
    return bool(_PATH.search(name))


def failure_class(code: int) -> str:
    hundred = -code // 100
    return FAILURE_CLASSES[hundred][0] if hundred in FAILURE_CLASSES else "PawlError"


def exception_name(value: EnumValue) -> str:
    """AUTH_FAILED → AuthFailedError. The code that its class is named after raises the class itself."""
    name = pascal(value.short.lower()) + "Error"
    name = _RENAMED.get(name, name)
    if hasattr(builtins, name):
        raise Refused(value.name, f"the exception {name} would hide Python's", "give it another name in python_names.py")
    return name


def exposed(api: Api) -> list[Function]:
    """The functions that Python can call: pages and bytes become lists and bytes, which have no methods of ours."""
    kinds = {it.name: it.kind for it in api.handles}
    return [it for it in api.functions if it.name not in PLUMBING and kinds.get(it.owner, "object") == "object"]


def objects(api: Api) -> list[Handle]:
    return [it for it in api.handles if it.kind == "object"]


def further_methods(api: Api, page: Handle) -> list[Function]:
    """What a page can be asked besides its items."""
    found = api.of(page, "method")
    for it in found:
        if len(it.params) != 1 or it.returns == "status":
            raise Refused(it.name, "a page's method has a parameter or can fail: Python has pages as plain values")
    return found


def output_name(param: Param) -> str:
    """out_message_id → message_id; the one called `out` is what was made of the bytes that went in."""
    plain = {"out_bytes": "data", "out_text": "text"}
    return plain.get(param.shape, "") or param.name.removeprefix("out_")


def outputs(function: Function) -> list[Param]:
    wanted = ("out_", "request_id")
    return [it for it in function.params if it.shape.startswith(wanted)]


def result_name(function: Function) -> str:
    """The class of what a function with several outputs gives: ConversationSendResult."""
    return pascal(f"{function.owner}_{function.method}") + "Result"


def qualified(function: Function) -> str:
    """Client.open, or version."""
    return f"{class_name(function.owner)}.{function.method}" if function.owner else function.method


def int_flag(enum: Enum) -> bool:
    return enum.kind == "flags"


class Words:
    """Comments of the headers in the words of Python."""

    def __init__(self, api: Api) -> None:
        self._table = {it.name: it.name.removeprefix("PAWL_") for it in api.constants}
        named: list[Declaration] = [*api.handles, *api.structs, *api.enums]
        self._table |= {it.name: class_name(it.name) for it in named}
        for enum in api.enums:
            for value in enum.values:
                self._table[value.name] = self._value(enum, value)
        for function in api.functions:
            self._table[function.name] = qualified(function)
        self._table["pawl_status"] = "StatusCode"

    def _value(self, enum: Enum, value: EnumValue) -> str:
        if enum.kind == "status_enum" and value.value != 0:
            return exception_name(value)
        return f"{class_name(enum.name)}.{value.short}"

    def of(self, function: Function) -> str:
        return self.said(described(function, BY_EVENT))

    def said(self, doc: str) -> str:
        text = re.sub(r"\b(?:pawl|PAWL)_\w+", lambda found: self._table.get(found[0], found[0]), doc)
        return null_in("None", text)
