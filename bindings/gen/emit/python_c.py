"""C expressions of the Python extension: what takes an argument, what makes an object of an output."""

from ..errors import Refused
from ..model import Api, Field, Param
from ..naming import pascal
from .python_names import class_name
from .python_plan import Argument
from .text import GENERATED

FOLDER = "bindings/python/src/generated"
HEAD = f"/* {GENERATED} */\n"

_FROM_INTEGER = {
    "int32_t": "PyLong_FromLong", "uint32_t": "PyLong_FromUnsignedLong", "int64_t": "PyLong_FromLongLong",
    "uint64_t": "PyLong_FromUnsignedLongLong", "size_t": "PyLong_FromSize_t", "pawl_status": "PyLong_FromLong",
}  # fmt: skip


def enum_table(name: str) -> str:
    return f"enums.{class_name(name)}"


def type_of(name: str) -> str:
    return f"types.{class_name(name)}"


def wrapper(qualified: str) -> str:
    """Client.open → Client_open: the C function behind a method."""
    return qualified.replace(".", "_")


def flag(value: bool) -> str:
    return "true" if value else "false"


def take(argument: Argument, at: str, target: str) -> str:
    """The expression that takes an argument into *target, a pointer; `target_len` beside it for bytes."""
    plain = f"{argument.taken}(call, {at}, "
    if argument.taken == "TakeHandle":
        return f"{plain}{flag(argument.nullable)}, {type_of(argument.of)}, {target})"
    if argument.taken == "TakeValue":
        return f"{plain}{flag(argument.nullable)}, sizeof({argument.of}), {target})"
    if argument.taken == "TakeArray":
        return f"{plain}sizeof(*{target}), {target})"
    if argument.taken == "TakeBytes":
        return f"{plain}{flag(argument.nullable)}, {target}, {target}_len)"
    if argument.taken in ("TakeText", "TakePath"):
        return f"{plain}{flag(argument.nullable)}, {target})"
    return f"{plain}{target})"


def from_integer(ctype: str, value: str) -> str:
    return f"{_FROM_INTEGER[ctype]}({value})"


def from_output(api: Api, param: Param) -> str:
    """The object that an output becomes; a handle is given away to it."""
    name = param.name
    if param.shape in ("out_int", "request_id"):
        return from_integer(param.ctype.removesuffix("*"), name)
    if param.shape == "out_handle":
        if api.handle(param.of).kind == "object":
            return f"NewObject({type_of(param.of)}, {name}, Release{class_name(param.of)})"
        return f"From{class_name(param.of)}({name})"
    made = {
        "out_double": f"PyFloat_FromDouble({name})",
        "out_bool": f"FromBool({name})",
        "out_enum": f"FromEnum(&{enum_table(param.of)}, {name})",
        "out_value": f"FromValue({type_of(param.of)}, &{name}, sizeof({name}))",
        "out_result": f"From{class_name(param.of)}(&{name})",
        "out_text": "OutputText(&output)",
        "out_bytes": "OutputBytes(&output)",
    }
    return made[param.shape]


def from_returned(returns: str, ctype: str, value: str) -> str:
    if returns == "int":
        return from_integer(ctype, value)
    return {"double": "PyFloat_FromDouble", "bool": "FromBool", "text": "FromText"}[returns] + f"({value})"


def from_field(api: Api, it: Field) -> str:
    value = f"it->{it.name}"
    if it.shape == "int":
        return from_integer(it.ctype, value)
    if it.shape == "bytes":
        return f"FromOptionalBytes({value}, it->{it.partner})"
    if it.shape in ("enum", "status"):
        return f"FromEnum(&{enum_table(it.of or api.status_enum().name)}, {value})"
    if it.shape == "value":
        return f"FromValue({type_of(it.of)}, &{value}, sizeof({value}))"
    if it.shape == "value_ref":
        return f"FromValue({type_of(it.of)}, {value}, sizeof(*{value}))"
    if it.shape == "struct_ref":
        return f"From{class_name(it.of)}({value})"
    if it.shape == "array":
        return f"FromBytes({value}, sizeof({value}))"
    plain = {"double": "PyFloat_FromDouble", "bool": "FromBool", "text": "FromText"}
    if it.shape not in plain:
        raise Refused(it.name, f"Python cannot show a {it.shape}")
    return f"{plain[it.shape]}({value})"


def all_of(conditions: list[str], indent: int) -> str:
    """a && b && c, one to a line."""
    return f" &&\n{' ' * indent}".join(conditions)


def string(text: str) -> str:
    """A C literal, in pieces of a line each."""
    pieces = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
    lines = [f'"{piece}\\n"' for piece in pieces[:-1]] + ([f'"{pieces[-1]}"'] if pieces[-1] or len(pieces) == 1 else [])
    return "\n    ".join(lines)


def static_name(name: str) -> str:
    return "k" + pascal(name)
