"""What each shape of a parameter is in C++: how it is declared, what it becomes for C, what comes of it."""

from dataclasses import dataclass, field

from ..model import Function, Param
from ..naming import pascal


@dataclass
class Input:
    declared: str  # "std::string_view address"
    passed: list[str]  # what C gets
    default: str = ""  # of a parameter that may be left out
    before: list[str] = field(default_factory=list)  # statements ahead of the call
    sound: str = ""  # a condition without which nothing is called


@dataclass
class Output:
    name: str  # of the member, where there are several
    ctype: str  # of the result in C++
    before: str = ""  # statement that makes room
    passed: str = ""  # what C gets
    given: str = ""  # expression of type ctype


def _text(it: Param) -> Input:
    local = f"c_{it.name}_"
    return Input(
        declared=f"std::string_view {it.name}",
        passed=[f"{local}.c_str_or_null()" if it.nullable else f"{local}.c_str()"],
        default="{}",
        before=[f"const internal::Text {local}({it.name});"],
        sound=f"{local}.ok()",
    )


def _bytes(it: Param) -> Input:
    data = f"internal::OrNull({it.name})" if it.nullable else f"{it.name}.data()"
    return Input(f"ByteSpan {it.name}", [data, f"{it.name}.size()"], "{}")


def _handle(it: Param) -> Input:
    if it.nullable:
        return Input(f"const {pascal(it.of)}* {it.name}", [f"internal::RawOrNull({it.name})"], "nullptr")
    return Input(f"const {pascal(it.of)}& {it.name}", [f"{it.name}.raw()"])


def _options(it: Param) -> Input:
    local = f"c_{it.name}_"
    return Input(
        declared=f"const {pascal(it.of)}& {it.name}",
        passed=[f"&{local}"],
        default="{}",  # zero is the default of every field
        before=[f"{it.of} {local}{{}};"],
        sound=f"internal::Lower({it.name}, {local})",
    )


def _value(it: Param) -> Input:
    if it.nullable:
        declared = f"const std::optional<{pascal(it.of)}>& {it.name}"
        return Input(declared, [f"{it.name}.has_value() ? &{it.name}->raw : nullptr"], "{}")
    return Input(f"const {pascal(it.of)}& {it.name}", [f"&{it.name}.raw"])


def _number(it: Param) -> Input:
    return Input(f"{it.ctype} {it.name}", [it.name])


def _bool(it: Param) -> Input:
    return Input(f"bool {it.name}", [f"{it.name} ? 1 : 0"])


_INPUTS = {
    "handle": _handle, "text": _text, "bytes": _bytes, "int": _number, "double": _number, "bool": _bool,
    "enum": _number, "options": _options, "value": _value,
}  # fmt: skip


def inputs(it: Function) -> list[Input]:
    """The parameters in C++; a default is kept only where all that follow may be left out, too."""
    found = []
    for param in it.params:
        if param.shape in _INPUTS:
            made = _INPUTS[param.shape](param)
            made.default = made.default if param.nullable else ""
            found.append(made)
    for number, made in enumerate(found):
        if not all(later.default for later in found[number:]):
            made.default = ""
    return found


def _output(it: Param) -> Output:
    name, local = it.name.removeprefix("out_"), it.name
    target = it.ctype.removesuffix("*")
    room = {
        "out_handle": Output(name, pascal(it.of), f"{it.of}* {local} = nullptr;", f"&{local}", f"{pascal(it.of)}({local})"),
        "out_bool": Output(name, "bool", f"int32_t {local} = 0;", f"&{local}", f"{local} != 0"),
        "out_value": Output(name, pascal(it.of), f"{pascal(it.of)} {local};", f"&{local}.raw", local),
        "out_result": Output(
            name, it.of, f"{it.of} {local}{{}};\n  {local}.struct_size = sizeof({local});", f"&{local}", local
        ),
        "out_text": Output("text", "std::string", f"std::string {local};", "", f"std::move({local})"),
        "out_bytes": Output("bytes", "std::vector<uint8_t>", f"std::vector<uint8_t> {local};", "", f"std::move({local})"),
        "request_id": Output(name, "RequestId", f"RequestId {local} = 0;", f"&{local}", local),
    }
    return room.get(it.shape, Output(name, target, f"{target} {local} = 0;", f"&{local}", local))


def outputs(it: Function) -> list[Output]:
    return [_output(param) for param in it.params if param.shape.startswith("out_") or param.shape == "request_id"]


def gives(it: Function) -> str:
    """What a function that can fail has to give: the T of its Result<T>."""
    found = outputs(it)
    if len(found) > 1:
        return result_struct(it)
    return found[0].ctype if found else "void"


def result_struct(it: Function) -> str:
    """The name of the struct of several outputs: ConversationSendTextResult."""
    return f"{pascal(it.owner)}{pascal(it.method)}Result"


def returned(it: Function) -> str:
    """The return type in C++."""
    plain = {"text": "std::string_view", "void": "void", "bool": "bool"}
    return f"Result<{gives(it)}>" if it.returns == "status" else plain.get(it.returns, it.return_ctype)
