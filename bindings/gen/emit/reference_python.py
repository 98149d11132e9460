"""docs/reference/python.md: the package `pawl` as a reference, from the same comments as that of C."""

from ..model import Api, Declaration, Enum, Function, Handle, Struct
from ..naming import pascal
from .python_aio import PUMPED, asynchronous, awaited
from .python_calls import callable_functions
from .python_modules import failures
from .python_names import class_name, exception_name, exposed, failure_class, further_methods, objects, output_name, outputs
from .python_plan import field_annotation, option_arguments, output_annotation, plan, shown_fields, shown_options
from .python_records import pages, shown_records
from .python_types import values
from .reference import Book, anchor, c_names, heading, start, status_classes, table, unit

_PATH = "docs/reference/python.md"
_ABOUT = (
    "`import pawl`, typed, for CPython 3.11 and later. How the package is installed, and what holds for all of it, stands in its"
    " [README](../../bindings/python/README.md); the numbers that it passes on are those of the [C reference](c.md)."
)
_GIVEN = """`BytesLike` is `bytes | bytearray | memoryview`; `StrPath` is `str | os.PathLike[str]`. A wrong type is a `TypeError`, a number
that does not fit an `OverflowError`, text with a null character a `ValueError`; everything else is a [failure](#failures).
Values cannot be changed, are equal when their fields are, and show in `repr` what is not empty.

"""
_AIO = """`import pawl.aio`: these objects in an asyncio loop, with the same methods. A call that may wait is `async`. One that
completes by an event gives a `Request`: `await` it for its result (the failure of a completion is raised there), any number
of times; `request.given` is what there was at once, `request.id` the number that events of it carry. Nothing else changes.

An object with events is an asynchronous context manager and iterator: `async with`, `async for event in client`. Completions
that somebody awaits are not among the events. Who stops waiting for a request does not stop it. When the app takes no events
and awaits nothing, no more are taken from the client, whose queue is bounded.

"""


def _label(it: Function) -> str:
    return f"{class_name(it.owner)}.{it.method}" if it.owner else it.method


def _book(api: Api) -> Book:
    book = c_names(api, page="c.md")
    book.null = "None"
    classes: list[Declaration] = [*objects(api), *api.enums, *shown_records(api), *values(api)]
    for it in classes:
        book.add(it.name, class_name(it.name))
    for enum in api.enums:
        for value in enum.values:
            book.add(value.name, f"{class_name(enum.name)}.{value.short}", anchor(class_name(enum.name)))
    for value in failures(api):
        book.add(value.name, exception_name(value), "failures")
    for page in pages(api):
        book.add(page.name, f"list[{class_name(page.item)}]", anchor(class_name(page.item)))
    for function in exposed(api):
        book.add(function.name, _label(function))
    for constant in api.constants:
        book.add(constant.name, constant.name.removeprefix("PAWL_"), "functions")
    return book


def _code(text: str) -> str:
    return f"```python\n{text.strip()}\n```\n\n"


def _function(api: Api, book: Book, it: Function) -> str:
    planned = plan(api, it)
    text = heading(3, _label(it)) + _code(planned.definition("").removesuffix(":")) + book.paragraph(it.doc)
    found = outputs(it)
    if len(found) > 1:
        text += "Gives a named tuple: " + ", ".join(f"`{output_name(one)}: {output_annotation(api, one)}`" for one in found) + ".\n\n"
    traits = [f"Since {it.since}"] + (["may wait"] if it.blocking else [])
    if it.completes:
        data = ", which has the result as data" if it.completes == "data" else ""
        traits.append(f"completes by {book.link('PAWL_EVENT_COMPLETED')}{data}")
    options = [one for one in planned.arguments if one.by_name and one.doc]
    rows = [[f"`{one.name}`", book.cell(one.doc)] for one in options]
    return text + table(["Option", "Meaning"], rows) + " · ".join(traits) + ".\n\n"


def _object(api: Api, book: Book, it: Handle) -> str:
    text = heading(2, class_name(it.name)) + book.paragraph(it.doc)
    text += "".join(_function(api, book, one) for one in callable_functions(api) if one.owner == it.name)
    if it.close:
        end = api.function(it.close)
        text += heading(3, _label(end)) + _code("def close(self) -> None") + book.paragraph(end.doc) + "Also at the end of `with`.\n\n"
    return text


def _record(book: Book, it: Struct, can_be_made: bool) -> str:
    rows = [[f"`{one.name}`", f"`{field_annotation(one)}`".replace("|", "\\|"), unit(one), book.cell(one.doc)] for one in shown_fields(it)]
    text = heading(3, class_name(it.name)) + book.paragraph(it.doc)
    if can_be_made:
        arguments = ", ".join(one.plain() for one in option_arguments(it))
        text += _code(f"{class_name(it.name)}(*, {arguments})")
    return text + table(["Attribute", "Type", "Unit", "Meaning"], rows)


def _value(book: Book, it: Struct) -> str:
    about = f"`bytes` of exactly {it.size}; `str` of it is its hexadecimal form.\n\n"
    return heading(3, class_name(it.name)) + book.paragraph(it.doc) + about


def _page(api: Api, it: Handle) -> str:
    """A page that says more than its items."""
    further = ", ".join(f"`{one.method}: int`" for one in further_methods(api, it))
    if not further:
        return ""
    return heading(3, class_name(it.name)) + f"A named tuple: `items: list[{class_name(it.item)}]`, {further}.\n\n"


def _enum(book: Book, it: Enum) -> str:
    kind = "IntFlag" if it.kind == "flags" else "IntEnum"
    rows = [[f"`{one.short}`", str(one.value), book.cell(one.doc)] for one in it.values]
    return heading(3, class_name(it.name)) + f"An `{kind}`.\n\n" + book.paragraph(it.doc) + table(["Name", "Value", "Meaning"], rows)


def _failures(api: Api, book: Book) -> str:
    statuses = api.status_enum()
    text = heading(3, class_name(statuses.name)) + "An `IntEnum` with the numbers below; `OK` is 0.\n\n" + book.paragraph(statuses.doc)
    text += "All are `PawlError`s with `code` (a `StatusCode`, or an `int`), `retryable` and `retry_after` (seconds or `None`).\n\n"
    for title, found in status_classes(statuses):
        rows = [[f"`{exception_name(it)}`", ", ".join(f"`{one}`" for one in it.exceptions[:1] if one), str(it.value), book.cell(it.doc)]
                for it in found]  # fmt: skip
        text += f"**{title}**: `{failure_class(found[0].value)}`\n\n" + table(["Exception", "Also a", "Code", "Meaning"], rows)
    return text


def _constants(api: Api, book: Book) -> str:
    rows = ([f"`{it.name.removeprefix('PAWL_')}`", str(it.value), book.cell(it.doc)] for it in api.constants)
    return table(["Constant", "Value", "Meaning"], rows)


def _aio(api: Api) -> str:
    text = ""
    for it in asynchronous(api):
        functions = [one for one in callable_functions(api) if one.owner == it.name and one.name not in PUMPED]
        rows = [[f"[`{one.method}`](#{anchor(_label(one))})", f"`{awaited(api, one)}`".replace("|", "\\|")] for one in functions]
        text += heading(3, f"pawl.aio.{pascal(it.name)}") + table(["Method", "Gives"], rows)
    return text


def emit(api: Api) -> dict[str, str]:
    book = _book(api)
    shown = shown_options(api)
    sections = [
        ("What is given", _GIVEN),
        ("Functions", _constants(api, book) + "".join(_function(api, book, it) for it in callable_functions(api) if not it.owner)),
        ("Values", "".join([
            *(_value(book, it) for it in values(api)), *(_record(book, it, it.name in shown) for it in shown_records(api)),
            *(_page(api, it) for it in pages(api)),
        ])),
        ("Enums", "".join(_enum(book, it) for it in api.enums if it.kind != "status_enum")),
        ("Failures", _failures(api, book)),
        ("asyncio", _AIO + _aio(api)),
    ]  # fmt: skip
    titles = [*(class_name(it.name) for it in objects(api)), *(title for title, _ in sections)]
    text = start(f"Pawl {api.version} for Python", _ABOUT)
    text += " · ".join(f"[{it}](#{anchor(it)})" for it in titles) + "\n\n"
    text += "".join(_object(api, book, it) for it in objects(api))
    text += "".join(heading(2, title) + body for title, body in sections)
    return {_PATH: text.rstrip() + "\n"}
