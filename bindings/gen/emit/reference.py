"""What the API references of all languages share: Markdown whose names are links, wrapped, the same at every run.

A language makes a `Book` of what each name of C is called in it and where that stands, and writes its text with `heading`,
`Book.paragraphs`, `Book.cell` and `table`.
"""

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..model import Api, Declaration, Enum, EnumValue, Field, Struct
from .text import GENERATED, null_in, paragraphs

WIDTH = 120
_NAME = re.compile(r"(`[^`]*`)|\b(?:pawl|PAWL)_\w*\b|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_UNITS = {"_ms": "ms", "_s": "s", "_m": "m", "_len": "bytes"}
_STATUS_CLASSES = {
    1: "Usage: the caller's mistake",
    2: "Protocol: what a peer or the relay sent cannot be accepted; nothing has changed",
    3: "Crypto and identity",
    4: "Storage",
    5: "Network and relay",
    6: "Flow",
    9: "A defect of Pawl itself, or no memory",
}


def anchor(name: str) -> str:
    """What a name is linked by: Client::open and Client.open are client-open."""
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")


def heading(level: int, title: str, at: str = "") -> str:
    """A heading that links of a book reach; `at` where the title does not say it."""
    return f'<a id="{at or anchor(title)}"></a>\n\n{"#" * level} {title}\n\n'


def start(title: str, about: str) -> str:
    return f"<!-- {GENERATED} -->\n\n# {title}\n\n{filled(about)}\n\n"


def filled(text: str) -> str:
    """Text as wrapped source. No line of it begins like an item of a list."""
    lines = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(re.sub(r"^([-+#>]|\d+(?=[.)]))", r"\\\1", line) for line in lines)


def table(titles: list[str], rows: Iterable[list[str]]) -> str:
    """A table; nothing without rows."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join(["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles), *lines]) + "\n\n"


@dataclass
class Book:
    """What the names of C are called in a language, and where they stand: {name of C: (label, target of a link)}."""

    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    null: str = "null"  # what the language has for it

    def add(self, name: str, label: str, at: str = "", page: str = "") -> None:
        """`page`: the file, where it is another one than that which is written."""
        self.names[name] = (label, f"{page}#{at or anchor(label)}")

    def link(self, name: str) -> str:
        """The name as a link, or as code where it stands nowhere."""
        label, target = self.names.get(name, (name, ""))
        return f"[`{label}`]({target})" if target else f"`{label}`"

    def inline(self, text: str) -> str:
        """Text of a comment with its names as links and code."""
        parts, end = [], 0
        for match in _NAME.finditer(text):
            name = match[0].strip("`")
            is_code = match[1] and name not in self.names
            parts += [self._plain(text[end : match.start()]), match[0] if is_code else self.link(name)]
            end = match.end()
        return "".join([*parts, self._plain(text[end:])])

    def _plain(self, text: str) -> str:
        text = re.sub(r"([*<])", r"\\\1", text).replace(" - ", " – ")
        return null_in(self.null, text)

    def paragraph(self, doc: str) -> str:
        """A comment as wrapped Markdown, with an empty line at its end; nothing for none."""
        return "".join(filled(self.inline(it)) + "\n\n" for it in paragraphs(doc))

    def cell(self, doc: str) -> str:
        """A comment as the cell of a table."""
        return " ".join(self.inline(it) for it in paragraphs(doc)).replace("|", "\\|")


def unit(it: Field) -> str:
    """The unit that a field's name says: ms of the clock, ms, s, m, bytes."""
    ending = next((ending for ending in _UNITS if it.name.endswith(ending)), "")
    if ending == "_ms" and it.ctype == "int64_t":
        return "ms since 1970"
    return _UNITS[ending] if ending else "bytes" if it.name.split("_")[-1] == "size" else ""


def told(struct: Struct) -> list[Field]:
    """The fields that a reader cares about."""
    return [it for it in struct.fields if it.shape not in ("struct_size", "reserved")]


def field_doc(it: Field) -> str:
    """The comment of a field; what belongs to the one before it says so."""
    beside = {"length": f"How many `{it.name.removesuffix('_len')}` has.", "user": f"Handed to `{it.name.removesuffix('_user')}`."}
    return it.doc or beside.get(it.shape, "")


def status_classes(enum: Enum) -> list[tuple[str, list[EnumValue]]]:
    """The failures by their hundreds, which a host may switch on."""
    hundreds = sorted({-it.value // 100 for it in enum.values if it.value < 0})
    groups = [(one, [it for it in enum.values if it.value < 0 and -it.value // 100 == one]) for one in hundreds]
    return [(f"{_STATUS_CLASSES.get(one, 'Others')} (−{one}xx)", found) for one, found in groups]


def c_names(api: Api, page: str = "") -> Book:
    """Everything that has a name in C, where the reference of C has it."""
    book = Book()
    for enum in api.enums:
        book.add(enum.name, enum.name, page=page)
        for value in enum.values:
            book.add(value.name, value.name, page=page)
    named: list[Declaration] = [*api.callbacks, *api.structs, *api.handles, *api.functions, *api.constants]
    for it in named:
        book.add(it.name, it.name, page=page)
    return book
