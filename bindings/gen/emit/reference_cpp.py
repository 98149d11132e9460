"""docs/reference/cpp.md: the classes of pawl.hpp as a reference; what they share with C is linked."""

from ..model import Api, Field, Function, Handle, Struct
from ..naming import pascal
from .cpp import Files
from .cpp_body import results_of, signature
from .cpp_options import declared_field
from .reference import Book, anchor, c_names, field_doc, heading, start, table, told, unit

_PATH = "docs/reference/cpp.md"
_ABOUT = (
    "`#include <pawl/pawl.hpp>`, C++20, header-only: the functions of the [C reference](c.md) as classes. Structs of a batch"
    " or a page, results, enums and status codes are those of C, and linked there."
)
_RESULTS = """A call that can fail gives a `Result<T>`, which is `[[nodiscard]]`: `ok()`, `value()`, `*`, `->` and `error()`.
Look only at the side that is there; nothing throws. An `Error` has `status()`, `name()`, `message()` (English, for logs),
`retryable()` (the same may succeed later) and `retry_after()` (when, where that is known). The failure of a request comes
in its event: `pawl::Error(event.status)` says of it whether it may be tried again, and `event.retry_at_ms` when.

Handles are move-only objects, released when they end; `raw()` gives the C handle, and a constructor takes one over. Bytes
go in as `ByteSpan` (`std::span<const uint8_t>`), texts as `std::string_view`. A text with a NUL inside is refused with
[`PAWL_E_INVALID_ARGUMENT`](c.md#pawl_e_invalid_argument). Pages are ranges; `pawl::text(pointer)` makes a
`std::string_view` of a text of theirs, empty for null.

"""


def _label(it: Function) -> str:
    return f"{pascal(it.owner)}::{it.method}" if it.owner else it.method


def _book(api: Api, files: Files) -> Book:
    book = c_names(api, page="c.md")
    book.null = "empty"
    for it in api.handles:
        book.add(it.name, pascal(it.name))
    for struct in api.structs:
        if struct.kind in ("options", "value"):
            book.add(struct.name, pascal(struct.name))
    for function in files.exposed:
        if function.role in ("factory", "method", "close", "free"):
            book.add(function.name, _label(function))
    return book


def _code(text: str) -> str:
    return f"```cpp\n{text.strip()}\n```\n\n"


def _unindented(text: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in text.splitlines())


def _function(book: Book, it: Function) -> str:
    text = heading(3, _label(it)) + _code(_unindented(signature(it, declared=True)).removeprefix("inline "))
    text += book.paragraph(it.doc)
    if result := results_of(it):
        text += f"Gives several things:\n\n{_code(result)}"
    traits = [f"Since {it.since}"] + (["may wait"] if it.blocking else [])
    if it.completes:
        data = ", which has the result as data" if it.completes == "data" else ""
        traits.append(f"completes by {book.link('PAWL_EVENT_COMPLETED')}{data}")
    return text + " · ".join(traits) + ".\n\n"


def _close(book: Book, it: Function) -> str:
    return heading(3, _label(it)) + _code(f"void {it.method}() const;") + book.paragraph(it.doc)


def _class(book: Book, api: Api, it: Handle) -> str:
    text = heading(2, pascal(it.name)) + book.paragraph(it.doc)
    if it.kind == "page":
        text += f"A range of {book.link(it.item)}: `size()`, `empty()`, `operator[]`, `begin()`, `end()`.\n\n"
    if it.kind == "bytes":
        text += "Bytes: `bytes()`, `data()`, `size()`, and a conversion to `ByteSpan`.\n\n"
    text += "".join(_function(book, one) for one in api.of(it, "factory", "method"))
    return text + "".join(_close(book, one) for one in api.of(it, "close"))


def _value(book: Book, it: Struct) -> str:
    spans = "".join(f", `{one.name}()` a `ByteSpan`" for one in it.fields if one.shape == "array")
    text = heading(3, pascal(it.name)) + book.paragraph(it.doc)
    return text + f"`raw` is the [`{it.name}`](c.md#{anchor(it.name)}) of C{spans}. Values are equal and ordered by content.\n\n"


def _options(book: Book, it: Struct) -> str:
    rows = []
    for member in told(it):
        if member.shape != "length":
            declared = declared_field(member).partition(" = ")[0]
            rows.append([f"`{member.name}`", f"`{_type(declared, member)}`", unit(member), _meaning(book, member)])
    return heading(3, pascal(it.name)) + book.paragraph(it.doc) + table(["Field", "Type", "Unit", "Meaning"], rows)


def _type(declared: str, it: Field) -> str:
    return declared.removesuffix("{}").removesuffix(it.name).strip()


def _meaning(book: Book, it: Field) -> str:
    return " ".join([book.cell(field_doc(it))] + [f"Of {book.link(it.of)}."] * (it.shape == "enum"))


def emit(api: Api) -> dict[str, str]:
    files = Files(api)
    book = _book(api, files)
    text = start(f"Pawl {api.version} for C++", _ABOUT)
    titles = ["Results and handles", "Options and values", "Functions", *[pascal(it.name) for it in api.handles]]
    text += " · ".join(f"[{it}](#{anchor(it)})" for it in titles) + "\n\n"
    text += heading(2, titles[0]) + _RESULTS + heading(2, titles[1])
    text += "".join(_value(book, it) for it in api.structs if it.kind == "value")
    text += "".join(_options(book, it) for it in api.structs if it.kind == "options")
    text += heading(2, titles[2]) + "".join(_function(book, it) for it in files.exposed if not it.owner)
    text += "".join(_class(book, api, it) for it in api.handles)
    return {_PATH: text.rstrip() + "\n"}
