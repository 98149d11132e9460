"""What the comments of the headers must say, and in whose words: all references are made of them.

Every declaration has one. None speaks of what C alone has (outputs, lengths, struct_size, 1 for yes), because the same words
stand above a method of Java. Only functions that no other language shows (release, count, at, …) may.
"""

import re
from collections.abc import Iterator

from .errors import Refused
from .model import Api, Declaration, Function, Struct
from .naming import pascal

_SILENT = {"struct_size", "reserved", "length", "user"}  # fields that no reference has, or that another one speaks for
_SHOWN = {"method", "factory", "free", "close"}  # functions that other languages have, too
_INPUTS = {"text", "bytes", "int", "double", "bool", "enum", "value"}  # that a comment has to speak of
_OF_C = (
    (r"\*?\bout_\w+|`out`", "names an output of C"),
    (r"\b[a-z]\w*_(?:len|cap)\b", "names a length of C"),
    (r"\bstruct_size\b", "speaks of struct_size"),
    (r"(?:^|[ (])(?:0|1) (?:when|while|once|after|at the|if)\b|\((?:0|1)\)", "says 0 or 1 for no or yes"),
    (r"[Pp]ointers? ", "speaks of pointers"),
    (r"\b\w+\.h\b", "names a header"),
    (r"\b[Ss]tatic\b", "says what is static in C"),
)


def demand(api: Api) -> None:
    """Refuses what is not documented, or in words that are not everybody's."""
    for where, name, doc, is_shared in _all(api):
        if not doc:
            raise Refused(where, f"{name} has no comment")
        if is_shared:
            _demand_neutral(api, where, name, doc)
    for it in api.functions:
        _demand_parameters(it)


def _all(api: Api) -> Iterator[tuple[str, str, str, bool]]:
    """(header, name, comment, whether other languages show it) of every declaration."""
    plain: list[Declaration] = [*api.constants, *api.callbacks, *api.handles]
    for it in plain:
        yield it.header, it.name, it.doc, True
    for enum in api.enums:
        yield enum.header, enum.name, enum.doc, True
        for value in enum.values:
            yield enum.header, value.name, value.doc, True
    for struct in api.structs:
        yield struct.header, struct.name, struct.doc, True
        yield from _fields(struct)
    for function in api.functions:
        yield function.header, function.name, function.doc, function.role in _SHOWN


def _fields(struct: Struct) -> Iterator[tuple[str, str, str, bool]]:
    for it in struct.fields:
        if it.shape not in _SILENT:
            yield struct.header, f"{struct.name}.{it.name}", it.doc, True


def _demand_neutral(api: Api, where: str, name: str, doc: str) -> None:
    said = " ".join(doc.split())
    for pattern, what in _OF_C:
        if found := re.search(pattern, said):
            raise Refused(where, f"the comment of {name} {what}: {found[0].strip()!r}", "say it for all languages")
    named: list[Declaration] = [*api.handles, *api.structs, *api.enums]
    classes = {it.name: pascal(it.name) for it in named}
    classes |= {value.name: pascal(enum.name) for enum in api.enums for value in enum.values if enum.kind != "status_enum"}
    for article in re.finditer(r"\b[Aa]n? ((?:pawl|PAWL)_\w+)", said):
        if classes.get(article[1], "X")[0] in "AEIOU":
            raise Refused(where, f"the comment of {name} says {article[0]!r}, which is another article elsewhere", "use the noun")


def _demand_parameters(it: Function) -> None:
    """What goes in is spoken of: by its name, or by the words that it is made of."""
    said = " ".join(it.doc.lower().split())
    for param in it.params:
        words = param.name.replace("_", " ").removesuffix(" len")
        if it.role in _SHOWN and param.shape in _INPUTS and not re.search(rf"\b({param.name}|{words})", said):
            raise Refused(it.header, f"the comment of {it.name} does not speak of `{param.name}`")
