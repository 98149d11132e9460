"""PAWL_X_INIT: what a program starts a struct with. It is compiled into programs, so it may say the size and zeros alone."""

from .clang_ast import Header
from .errors import Refused
from .model import Struct

_STARTED = ("options", "result")  # a view is the library's, a value has no size to say


def macro(struct: str) -> str:
    return f"{struct.upper()}_INIT"


def macros(header: Header, kinds: dict[str, str]) -> set[str]:
    """The macros that may be more than a number."""
    return {macro(it.name) for it in header.structs if kinds.get(it.name) in _STARTED}


def settle(header: Header, structs: dict[str, Struct]) -> None:
    """Finds the macro of each struct that is handed to the library; one that is missing or odd is refused."""
    found = {it.name: it for it in header.macros}
    for struct in structs.values():
        if struct.kind not in _STARTED:
            continue
        name = macro(struct.name)
        wanted = _tokens(struct, structs)
        if name not in found:
            raise Refused(struct.header, f"{struct.name} has no {name}", f"define it as {' '.join(wanted)}")
        if found[name].takes_arguments or found[name].tokens != wanted:
            raise Refused(found[name].where, f"{name} is not the size of {struct.name} and zeros", " ".join(wanted))
        struct.start = name


def _tokens(struct: Struct, structs: dict[str, Struct]) -> list[str]:
    parts = {"struct_size": ["sizeof", "(", struct.name, ")"], "array": ["{", "0", "}"]}
    tokens = ["{"]
    for number, member in enumerate(struct.fields):
        zero = _tokens(structs[member.of], structs) if member.shape == "value" else parts.get(member.shape, ["0"])
        tokens += [","] * bool(number) + zero
    return [*tokens, "}"]
