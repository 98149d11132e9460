"""Generated modules of the Python package: enums, exceptions, and the names that `import pawl` gives."""

from ..model import Api, Declaration, Enum, EnumValue
from .python_names import FAILURE_CLASSES, Words, class_name, exception_name, failure_class, int_flag, objects
from .python_calls import callable_functions
from .python_records import shown_records
from .python_types import enum_names, results, values
from .text import banner, wrapped

PACKAGE = "bindings/python/pawl"
WIDTH = 120


def docstring(doc: str, indent: int = 4) -> str:
    """A docstring, or "" when there is nothing to say."""
    blank = " " * indent
    lines = wrapped(doc, WIDTH - 4, blank, blank)
    if not lines:
        return ""
    text = "\n".join(lines).lstrip().replace("\\", "\\\\")
    return f'{blank}"""{text}"""\n' if len(lines) == 1 else f'{blank}"""{text}\n{blank}"""\n'


def _comment(doc: str, indent: int) -> str:
    mark = " " * indent + "#: "
    return "".join(f"{line}\n" for line in wrapped(doc, WIDTH, mark, mark))


def _enum(words: Words, enum: Enum) -> str:
    base = "IntFlag" if int_flag(enum) else "IntEnum"
    doc = words.said(enum.doc) or "…"
    text = f"class {class_name(enum.name)}({base}):\n" + (docstring(doc) + "\n" if enum.doc else "")
    for value in enum.values:
        text += _comment(words.said(value.doc), 4) + f"    {value.short} = {value.value}\n"
    return text


def enums_module(api: Api) -> str:
    words = Words(api)
    head = banner("#") + '"""The numbers of Pawl\'s C API. Later releases may add some: treat an unknown one as a plain int."""\n\n'
    head += "from enum import IntEnum, IntFlag\n\n\n"
    return head + "\n\n".join(_enum(words, it) for it in api.enums)


def _exception(words: Words, value: EnumValue) -> str:
    parent = failure_class(value.value)
    builtin = value.exceptions[0] if value.exceptions else ""
    bases = ", ".join(it for it in (parent, builtin) if it)
    doc = words.said(value.doc) or f"StatusCode.{value.short}."
    return f"class {exception_name(value)}({bases}):\n{docstring(doc)}"


def failures(api: Api) -> list[EnumValue]:
    return [it for it in api.status_enum().values if it.value]


def own_classes(api: Api) -> list[EnumValue]:
    """The codes that have a class of their own: not the one that its hundred is named after."""
    return [it for it in failures(api) if exception_name(it) != failure_class(it.value)]


def exception_names(api: Api) -> list[str]:
    return ["PawlError", *(name for name, _ in FAILURE_CLASSES.values()), *(exception_name(it) for it in own_classes(api))]


def errors_module(api: Api) -> str:
    words = Words(api)
    classes = [f"class {name}(PawlError):\n{docstring(doc)}" for name, doc in FAILURE_CLASSES.values()]
    classes += [_exception(words, it) for it in own_classes(api)]
    by_hundred = "".join(f"    {number}: {name},\n" for number, (name, _) in FAILURE_CLASSES.items())
    by_code = "".join(f"    {it.value}: {exception_name(it)},\n" for it in failures(api))
    return f'''{banner("#")}"""The exceptions: one class for each status code, below one for each hundred of codes."""

from ._base import PawlError

{chr(10)}{(chr(10) * 2).join(classes)}

_BY_HUNDRED: dict[int, type[PawlError]] = {{
{by_hundred}}}

_BY_CODE: dict[int, type[PawlError]] = {{
{by_code}}}


def error_for(code: int, message: str, retryable: bool = False, retry_after: float | None = None) -> PawlError:
    """The exception of a status code; of its hundred when this release does not know it."""
    made = _BY_CODE.get(code) or _BY_HUNDRED.get(-code // 100) or PawlError
    return made(message, code, retryable, retry_after)
'''


def extension_names(api: Api) -> list[str]:
    classes: list[Declaration] = [*objects(api), *shown_records(api), *values(api)]
    names = [class_name(it.name) for it in classes]
    names += [name for name, _, _ in results(api)]
    return sorted(names) + sorted(it.method for it in callable_functions(api) if it.role == "free")


def _imported(module: str, names: list[str]) -> str:
    return f"from .{module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"


def package_module(api: Api) -> str:
    constants = [(it.name.removeprefix("PAWL_"), it.value) for it in api.constants]
    groups = [("_enums", sorted(enum_names(api))), ("_errors", sorted(exception_names(api))), ("_pawl", extension_names(api))]
    groups[1] = ("_errors", [it for it in groups[1][1] if it != "PawlError"])
    everything = sorted(["PawlError", *(name for _, names in groups for name in names), *(name for name, _ in constants)])
    listed = "".join(f'    "{name}",\n' for name in everything)
    return f'''{banner("#")}"""Pawl: end-to-end encrypted messaging to embed. `pawl.Client` is a device with its store, its relay and its events;
`pawl.Identity` and `pawl.Session` bring bytes over a transport of yours; `pawl.aio` is the client for asyncio.
"""

from typing import Final

from ._base import PawlError
{"".join(_imported(*group) for group in groups)}
{"".join(f"{name}: Final = {value}{chr(10)}" for name, value in constants)}
__version__: Final = version_string()

__all__ = [
{listed}]
'''


def emit(api: Api) -> dict[str, str]:
    return {
        f"{PACKAGE}/_enums.py": enums_module(api),
        f"{PACKAGE}/_errors.py": errors_module(api),
        f"{PACKAGE}/__init__.py": package_module(api),
    }
