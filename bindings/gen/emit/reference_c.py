"""docs/reference/c.md: the headers as a reference, header by header."""

from typing import TypeVar

from ..model import Api, Declaration, Enum, Function, Handle, Param, Struct
from .reference import Book, anchor, c_names, field_doc, heading, start, status_classes, table, told, unit

T = TypeVar("T", bound=Declaration)

_PATH = "docs/reference/c.md"
_ABOUT = (
    "Everything that `#include <pawl/pawl.h>` declares, from the comments of the headers. The conventions that hold for every"
    " function (inputs, outputs, ownership, ending, threads, structs) stand in [export.h](../../include/pawl/export.h)."
)


def _prototype(it: Function) -> str:
    head = f"{it.return_ctype} {it.name}("
    params = [f"{param.ctype} {param.name}" for param in it.params] or ["void"]
    whole = f"{head}{', '.join(params)});"
    if len(whole) <= 100:
        return f"```c\n{whole}\n```\n\n"
    return "```c\n" + head + "\n    " + ",\n    ".join(params) + ");\n```\n\n"


def _about_param(book: Book, api: Api, it: Param) -> str:
    """What its type does not say of a parameter."""
    said = ["may be null"] if it.nullable else []
    if it.shape == "out_handle":
        said.append(f"to be released with {book.link(api.handle(it.of).release)}")
    if it.shape in ("bool", "out_bool"):
        said.append("0 or 1")
    if it.shape in ("enum", "out_enum"):
        said.append(f"of {book.link(it.of)}")
    if it.exact:
        said.append(f"of {book.link(it.exact)} bytes, no more and no less")
    if it.bound:
        plus = f" + {it.bound.plus}" if it.bound.plus else ""
        length = f"`{it.bound.length_of}_len`{plus}"
        most = book.link(it.bound.constant or it.bound.call) if not it.bound.length_of else length
        said.append(f"at most what {most} says" if it.bound.call else f"at most {most} bytes")
    return f"- `{it.name}`: {'; '.join(said)}\n" if said else ""


def _function(book: Book, api: Api, it: Function) -> str:
    text = heading(3, it.name) + _prototype(it) + book.paragraph(it.doc)
    params = "".join(_about_param(book, api, param) for param in it.params)
    traits = [f"Since {it.since}"]
    traits += ["may wait"] if it.blocking else []
    traits += ["the text is static"] if it.returns == "text" else []
    if it.completes:
        data = ", which has the result as data" if it.completes == "data" else ""
        traits.append(f"completes by {book.link('PAWL_EVENT_COMPLETED')}{data}")
    return text + (params + "\n" if params else "") + " · ".join(traits) + ".\n\n"


def _enum(book: Book, it: Enum) -> str:
    text = heading(3, it.name) + book.paragraph(it.doc)
    if it.kind != "status_enum":
        rows = [[_named(value.name), str(value.value), book.cell(value.doc)] for value in it.values]
        return text + table(["Name", "Flag" if it.kind == "flags" else "Value", "Meaning"], rows)
    fine = next(value for value in it.values if value.value == 0)
    text += f"{_named(fine.name)} is 0: {book.cell(fine.doc)}\n\n"
    for title, values in status_classes(it):
        text += f"{title}:\n\n"
        text += table(["Name", "Value", "Meaning"], [[_named(v.name), str(v.value), book.cell(v.doc)] for v in values])
    return text


def _named(name: str) -> str:
    return f'<a id="{anchor(name)}"></a>`{name}`'


_KINDS = {
    "options": "The caller fills it in; begins with `struct_size`.",
    "result": "The library fills it in, up to its `struct_size`, which the caller sets.",
    "view": "Belongs to the object that it was read from, as does all that it points to; what is absent is null.",
    "value": "Frozen: it never grows.",
}


def _struct(book: Book, it: Struct) -> str:
    rows = []
    for member in told(it):
        notes = [book.cell(field_doc(member))]
        notes += ["0 or 1."] if member.shape == "bool" else []
        notes += [f"Of {book.link(member.of)}."] if member.shape == "enum" else []
        notes += ["May be null."] if member.nullable else []
        notes += ["Static."] if member.shape == "text" and it.kind == "result" else []
        rows.append([f"`{member.name}`", f"`{member.ctype}`", unit(member), " ".join(notes)])
    text = heading(3, it.name) + book.paragraph(it.doc) + f"{_KINDS[it.kind]}\n\n"
    return text + table(["Field", "Type", "Unit", "Meaning"], rows)


def _handle(book: Book, api: Api, it: Handle) -> str:
    functions = [book.link(one.name) for one in api.functions if one.owner == it.name]
    return heading(3, it.name) + book.paragraph(it.doc) + "".join(f"- {one}\n" for one in functions) + "\n"


def _header(book: Book, api: Api, header: str) -> str:
    def of(items: list[T]) -> list[T]:
        return [it for it in items if it.header == header]

    text = heading(2, header)
    constants = [[_named(it.name), str(it.value), book.cell(it.doc)] for it in of(api.constants)]
    text += table(["Constant", "Value", "Meaning"], constants)
    text += "".join(_handle(book, api, it) for it in of(api.handles))
    text += "".join(_enum(book, it) for it in of(api.enums))
    for it in of(api.callbacks):
        text += heading(3, it.name) + f"```c\ntypedef {it.ctype.replace('(*)', f'(*{it.name})')};\n```\n\n" + book.paragraph(it.doc)
    text += "".join(_struct(book, it) for it in of(api.structs))
    return text + "".join(_function(book, api, it) for it in of(api.functions))


def headers(api: Api) -> list[str]:
    """The headers that declare anything, by name."""
    declared: list[Declaration] = [*api.constants, *api.enums, *api.callbacks, *api.structs, *api.handles, *api.functions]
    return sorted({it.header for it in declared})


def emit(api: Api) -> dict[str, str]:
    book = c_names(api)
    text = start(f"Pawl {api.version} for C", _ABOUT)
    text += " · ".join(f"[{it}](#{anchor(it)})" for it in headers(api)) + "\n\n"
    text += "".join(_header(book, api, it) for it in headers(api))
    return {_PATH: text.rstrip() + "\n"}
