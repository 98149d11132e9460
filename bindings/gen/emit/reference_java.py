"""docs/reference/java.md: the classes of org.pawl as a reference; every name is a link."""

from ..model import Api, Declaration, Enum, Function, Handle, Struct
from ..naming import camel, pascal
from .java_classes import signatures
from .java_names import PLUMBING, exception_base, exception_name, exposed, plumbing_structs, struct_fields
from .java_structs import java_type
from .reference import Book, anchor, heading, start, status_classes, table, unit

_PATH = "docs/reference/java.md"
_ABOUT = (
    "`org.pawl:pawl`, Java 8 and later, and Android from API level 24. bindings/java/README.md says how it is added to a"
    " project. uint64_t is a `long` to be read as unsigned; uint32_t is a `long`, too."
)
_SHARED = """Objects are `AutoCloseable`: `close()` ends their work, from any thread and any number of times, and wakes who waits.
Their memory is given back when nothing refers to them any more.

Errors are unchecked. A caller's mistake is a `PawlIllegalArgumentException` or `PawlIllegalStateException`, which are
`IllegalArgumentException` and `IllegalStateException`; everything else is a `PawlException`. All are `PawlFailure`: `code()`,
`status()`, `retryable()` and `retryAfterMs()` (0: not known). An argument that may not be null throws
`NullPointerException` when it is.

A request gives a `CompletableFuture`, done when the request is. Futures are completed on daemon threads of their own,
"pawl-completions", so that what is chained to one may wait for another. One daemon thread for each client, "pawl-events",
brings them; it begins with the first request, handler or `waitEvents`.

Bytes go in as `byte[]`, or as a `ByteBuffer` from its position to its limit (direct ones are not copied), and come out as
`byte[]`, or into a `ByteBuffer`. One that is too small throws `PawlException.BufferTooSmall`, and nothing else happened.

"""
_EVENTS = """```java
void events(Executor executor, Consumer<? super Event> handler, Consumer<? super Throwable> onError)
List<Event> waitEvents(int maxEvents, long timeoutMs) throws InterruptedException
```

Either hand in a handler, once: the executor runs it for each event, one after the other, and what it throws goes to
`onError`. Or take events yourself: up to `maxEvents`, waiting up to `timeoutMs` for the first (0: not at all; below 0: for
ever); the list is empty when there was none in time. Completions of requests are not among them.

Do one of the two: of events that nobody takes 1,024 wait here, and up to 64 MiB of them while the future of a request is
not done. When that is full and nobody takes one for 10 s, that future fails with an `IllegalStateException`; the request goes on.

"""


def _book(api: Api) -> Book:
    book = Book()
    for enum in api.enums:
        book.add(enum.name, pascal(enum.name))
        for value in enum.values:
            book.add(value.name, f"{pascal(enum.name)}.{value.short}", at=anchor(pascal(enum.name)))
    for value in api.status_enum().values:
        if value.value:
            name = f"{exception_base(value)}.{exception_name(value.short)}"
            book.add(value.name, name, at=anchor(pascal(api.status_enum().name)))
    classes: list[Declaration] = [*api.handles, *(it for it in api.structs if it.name not in plumbing_structs(api))]
    for declared in classes:
        book.add(declared.name, pascal(declared.name))
    for it in api.functions:
        if it.role in ("factory", "method", "close", "free") and it.name not in PLUMBING:
            book.add(it.name, _label(it), at=anchor(_label(it)))
    book.add("pawl_client_wait_events", "Client.waitEvents", at="events-of-a-client")
    for constant in api.constants:
        book.add(constant.name, f"Pawl.{constant.name.removeprefix('PAWL_')}", at="pawl")
    told = [it.name for function in api.functions for it in function.params]
    told += [it.name for one in api.structs for it in one.fields]
    for name in told:
        book.names.setdefault(name, (camel(name), ""))
    return book


def _label(it: Function) -> str:
    return f"{pascal(it.owner) if it.owner else 'Pawl'}.{camel(it.method)}"


def _code(lines: list[str]) -> str:
    return "```java\n" + "\n".join(lines) + "\n```\n\n"


def _function(book: Book, api: Api, it: Function) -> str:
    text = heading(3, _label(it)) + _code(signatures(api, it)) + book.paragraph(it.doc)
    traits = [f"Since {it.since}"] + (["may wait"] if it.blocking else [])
    if it.completes:
        traits.append("the future is done when the request is" + (", and has its data" if it.completes == "data" else ""))
    return text + " · ".join(traits) + ".\n\n"


def _class(book: Book, api: Api, it: Handle) -> str:
    text = heading(2, pascal(it.name)) + book.paragraph(it.doc)
    if it.kind == "page":
        text += f"An unmodifiable `List<{pascal(it.item)}>` of {book.link(it.item)}, as it was when it was made.\n\n"
        return text + "".join(_function(book, api, one) for one in api.of(it, "method") if one.name not in PLUMBING)
    text += "".join(_function(book, api, one) for one in exposed(api, it))
    for one in api.of(it, "close"):
        text += heading(3, _label(one)) + _code(["void close()"]) + book.paragraph(one.doc)
    return text


def _struct(book: Book, api: Api, it: Struct) -> str:
    fixed = {"options": "Setters return the object itself; getters have the same names.", "value": "Immutable, compared by content."}
    rows = [
        [f"`{camel(one.name)}`", f"`{java_type(api, one)}`", unit(one), " ".join([book.cell(one.doc)] * bool(one.doc))]
        for one in struct_fields(it)
    ]
    about = fixed.get(it.kind, "Immutable.")
    return heading(3, pascal(it.name)) + book.paragraph(it.doc) + about + "\n\n" + table(["Field", "Type", "Unit", "Meaning"], rows)


def _enum(book: Book, it: Enum) -> str:
    rows = [[f"`{one.short}`", str(one.value), book.cell(one.doc)] for one in it.values]
    text = heading(3, pascal(it.name)) + book.paragraph(it.doc)
    return text + "A number of a later release is `UNKNOWN`.\n\n" + table(["Constant", "Number", "Meaning"], rows)


def _statuses(book: Book, it: Enum) -> str:
    text = heading(3, pascal(it.name)) + book.paragraph(it.doc)
    for title, values in status_classes(it):
        rows = [
            [f"`{one.short}`", str(one.value), f"`{exception_base(one)}.{exception_name(one.short)}`", book.cell(one.doc)]
            for one in values
        ]
        text += f"{title}:\n\n" + table(["Constant", "Number", "Thrown as", "Meaning"], rows)
    return text


def emit(api: Api) -> dict[str, str]:
    book = _book(api)
    text = start(f"Pawl {api.version} for Java", _ABOUT)
    objects = [it for it in api.handles if it.kind != "bytes" and it.item != "pawl_event"]
    titles = ["Objects, errors, futures", "Pawl", *[pascal(it.name) for it in objects], "Events of a client", "Values", "Enums"]
    text += " · ".join(f"[{it}](#{anchor(it)})" for it in titles) + "\n\n"
    text += heading(2, titles[0]) + _SHARED + heading(2, "Pawl")
    text += "".join(_function(book, api, it) for it in api.functions if it.role == "free" and it.name not in PLUMBING)
    text += "".join(_class(book, api, it) for it in objects)
    text += heading(2, "Events of a client") + _EVENTS + heading(2, "Values")
    text += "".join(_struct(book, api, it) for it in api.structs if it.name not in plumbing_structs(api))
    text += heading(2, "Enums") + _statuses(book, api.status_enum())
    text += "".join(_enum(book, it) for it in api.enums if it.kind != "status_enum")
    return {_PATH: text.rstrip() + "\n"}
