"""What changed from one lock to another: what breaks programs and bindings made for the first, and what was only added.

The binary is not looked at (tests/abi has abidiff for it): this is about intent. A name of a parameter is a keyword of
Python, an annotation is when the GIL is dropped, a constant is compiled into programs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .model import Api, Enum, Field, Function, Param, Struct

BREAK = "BREAK"
ADD = "ADD"

_FUNCTION = "header since owner method role returns return_ctype return_of blocking fast completes".split()
_PARAM = "name shape ctype of exact bound".split()
_FIELD = "name shape ctype offset size of partner".split()


@dataclass(frozen=True)
class Change:
    kind: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.kind:5} {self.what}: {self.why}"


def release(version: str) -> tuple[int, int]:
    """(major, minor)."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def is_same_line(old: str, new: str) -> bool:
    """Whether a program made for `old` runs with `new`: one major version; before 1.0, one minor version."""
    before, after = release(old), release(new)
    return before <= after and (before == after if before[0] == 0 else before[0] == after[0])


def compare(old: Api, new: Api, *, is_out: bool = False) -> list[Change]:
    """`is_out`: whether the release of `old` is, so that its version node is closed."""
    return [
        *_each("constant", old.constants, new.constants, lambda a, b: _same(a.name, a, b, ["value", "header"])),
        *_each("enum", old.enums, new.enums, _enum),
        *_each("callback", old.callbacks, new.callbacks, lambda a, b: _same(a.name, a, b, ["ctype", "header"])),
        *_structs(old, new),
        *_each("handle", old.handles, new.handles, _handle),
        *_each("function", old.functions, new.functions, _function),
        *_backdated(old, new, is_out or release(old.version) < release(new.version)),
    ]


def breaks(changes: Iterable[Change]) -> list[Change]:
    return [it for it in changes if it.kind == BREAK]


def _each(
    noun: str, old: list[Any], new: list[Any], compare_two: Callable[[Any, Any], Iterable[Change]]
) -> Iterator[Change]:
    now = {it.name: it for it in new}
    before = {it.name for it in old}
    for it in old:
        if it.name in now:
            yield from compare_two(it, now[it.name])
        else:
            yield Change(BREAK, it.name, f"the {noun} is gone")
    for name in now:
        if name not in before:
            yield Change(ADD, name, f"a {noun}")


def _same(what: str, old: Any, new: Any, attributes: list[str]) -> Iterator[Change]:
    for name in attributes:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change(BREAK, what, f"{name} was {_said(before)} and is {_said(after)}")


def _said(value: Any) -> str:
    return "nothing" if value in ("", None, []) else str(value)


def _enum(old: Enum, new: Enum) -> Iterator[Change]:
    yield from _same(old.name, old, new, ["kind", "header"])
    yield from _each(
        "value", old.values, new.values, lambda a, b: _same(a.name, a, b, ["value", "short", "exceptions"])
    )


def _handle(old: Any, new: Any) -> Iterator[Change]:
    yield from _same(old.name, old, new, ["kind", "item", "release", "header"])
    if old.close and old.close != new.close:
        yield Change(BREAK, old.name, f"close was {old.close} and is {_said(new.close)}")


# Structs.


def _structs(old: Api, new: Api) -> Iterator[Change]:
    shown = {it.of for struct in old.structs if struct.kind == "view" for it in struct.fields if it.shape == "struct_ref"}
    yield from _each("struct", old.structs, new.structs, lambda a, b: _struct(a, b, a.name in shown))


def _struct(old: Struct, new: Struct, is_shown: bool) -> Iterator[Change]:
    yield from _same(old.name, old, new, ["kind", "align", "header", "start"])
    for number, before in enumerate(old.fields):
        what = f"{old.name}.{before.name}"
        after = new.fields[number] if number < len(new.fields) else None
        if after is None:
            yield Change(BREAK, what, "the field is gone")
        elif before.shape == "reserved" and (before.ctype, before.offset) == (after.ctype, after.offset):
            if after.name != before.name:
                yield Change(ADD, what, f"is {after.name} now")
        else:
            yield from _same(what, before, after, _FIELD)
            yield from _nullable_field(what, old.kind, is_shown, before, after)
    for appended in new.fields[len(old.fields) :]:
        yield _appended(old, appended)


def _nullable_field(what: str, kind: str, is_shown: bool, old: Field, new: Field) -> Iterator[Change]:
    """Who fills in a struct may be allowed more, who reads it may be promised more; who does both, neither."""
    if old.nullable == new.nullable:
        return
    fine = new.nullable if kind == "options" else old.nullable
    if fine and not (kind == "options" and is_shown):
        yield Change(ADD, what, "may be null now" if new.nullable else "is never null now")
    else:
        yield Change(BREAK, what, "may be null now" if new.nullable else "may not be null any more")


def _appended(struct: Struct, field: Field) -> Change:
    what = f"{struct.name}.{field.name}"
    if struct.kind == "value":
        return Change(BREAK, what, "a value struct never grows")
    if struct.kind == "options" and field.ctype.endswith("*") and not field.nullable:
        return Change(BREAK, what, "a program of before leaves it null, which it may not be")
    return Change(ADD, what, "a field at the end")


# Functions.


def _function(old: Function, new: Function) -> Iterator[Change]:
    yield from _same(old.name, old, new, _FUNCTION)
    before, after = [it.name for it in old.params], [it.name for it in new.params]
    if len(before) != len(after):
        yield Change(BREAK, old.name, f"took ({', '.join(before)}) and takes ({', '.join(after)})")
        return
    for a, b in zip(old.params, new.params):
        yield from _param(f"{old.name}({a.name})", a, b)


def _param(what: str, old: Param, new: Param) -> Iterator[Change]:
    yield from _same(what, old, new, _PARAM)
    if old.nullable and not new.nullable:
        yield Change(BREAK, what, "may not be null any more")
    elif new.nullable and not old.nullable:
        yield Change(ADD, what, "may be null now")


def _backdated(old: Api, new: Api, is_out: bool) -> Iterator[Change]:
    """A symbol in the version node of a release that was without it: a loader would not notice that it is missing."""
    known = {it.name for it in old.functions}
    for it in new.functions:
        if it.name not in known and is_out and release(it.since) <= release(old.version):
            yield Change(BREAK, it.name, f"is since {it.since}, which was released without it")
