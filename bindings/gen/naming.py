"""How names of C become names of other languages, and which ones cannot."""

import keyword
import re

from .errors import Refused

_JAVA = set(
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends final"
    " finally float for goto if implements import instanceof int interface long native new package private protected"
    " public return short static strictfp super switch synchronized this throw throws transient try void volatile while"
    " true false null getClass hashCode equals toString notify notifyAll wait clone finalize".split()
)
_CPP = set(
    "alignas alignof and and_eq asm auto bitand bitor bool catch char16_t char32_t char8_t co_await co_return co_yield"
    " compl concept const_cast consteval constexpr constinit decltype delete dynamic_cast explicit export extern friend"
    " inline mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register"
    " reinterpret_cast requires signed sizeof static_assert static_cast struct template thread_local throw typedef typeid"
    " typename union unsigned using virtual volatile wchar_t xor xor_eq".split()
)
_PYTHON = set(keyword.kwlist) | {"None", "self", "cls"}
_TAKEN = _JAVA | _CPP | _PYTHON
_CLASSES = set(
    "Object String Class Integer Long Short Byte Double Float Boolean Character Number Void Enum Record Iterable Thread"
    " Runnable System Throwable Exception Error Override Deprecated Optional List Map Library Native Pawl PawlError"
    " PawlException ByteSpan RequestId Agreement Cleaner EventPump EventSource ExtractedLibrary FailureDetails FailureTypes"
    " Failures Handle LibraryLoader NativeBytes NativeLibrary Packer Page PawlFailure Peer Platform Requests Threads Unpacker Unread"
    " Wiped Set EnumSet Arrays Objects Collections ByteBuffer CompletableFuture".split()
)
_MADE = ("Error", "Exception", "Result")  # how classes end that are made of a status, and of several outputs
# What C++ has already: in its namespace, and in the class of each kind of handle.
_MEMBERS = {"": "text internal v0", "object": "raw", "page": "raw size empty begin end iterator", "bytes": "raw data size bytes"}
_METHODS = set("pump pointer peer pointer_of".split())  # what Java's handles have already
_GLUE = set("env type call reply written bound wiped".split())  # what the glue of Java has beside the parameters


def checked(name: str, where: str) -> str:
    """A name that every language can say, as C spells it and as Java does."""
    spellings = {name, camel(name)} if name.islower() else {name}
    if _TAKEN & spellings or not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*|[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", name):
        raise Refused(where, f"the name {name!r} is taken in one of the languages, or not spelled in_words", "choose another one")
    return name


def checked_method(name: str, where: str) -> str:
    """The name of a method."""
    if name in _METHODS:
        raise Refused(where, f"the name {name!r} is taken by what the bindings have around it", "choose another one")
    return checked(name, where)


def checked_type(name: str, where: str) -> str:
    """The name of an enum, a struct, a handle or a callback."""
    if not re.fullmatch(r"pawl(_[a-z][a-z0-9]*)+", name):
        raise Refused(where, f"the type {name!r} is not spelled pawl_<noun>")
    if pascal(name) in _CLASSES or pascal(name).endswith(_MADE):
        raise Refused(where, f"the type {name!r} would hide a class of one of the languages", "choose another name")
    return name


def checked_parameter(name: str, where: str) -> str:
    """The name of a parameter, which may hide nothing that its call needs."""
    if name in _GLUE or name.startswith("pawl_"):
        raise Refused(where, f"the parameter {name!r} would hide what the glue of a language needs", "choose another name")
    return checked(name, where)


def demand_no_member(name: str, kind: str, where: str) -> None:
    """A method of a kind of handle, or a function of none, that C++ has already."""
    if name in _MEMBERS[kind].split():
        raise Refused(where, f"C++ has {name!r} there already", "choose another name")


def demand_distinct(names: list[str], parent: str, where: str) -> None:
    """Names that differ by underscores and case alone are one name in a language that writes them inCamels."""
    seen: dict[str, str] = {}
    for name in names:
        key = name.replace("_", "").lower()
        if key in seen:
            raise Refused(where, f"{seen[key]} and {name} of {parent} would be the same name")
        seen[key] = name


def pascal(name: str) -> str:
    """conversation_info → ConversationInfo."""
    return "".join(part.capitalize() for part in name.removeprefix("pawl_").split("_"))


def camel(name: str) -> str:
    """send_text → sendText."""
    whole = pascal(name)
    return whole[:1].lower() + whole[1:]


def noun(handle: str) -> str:
    return handle.removeprefix("pawl_")


def shared_prefix(names: list[str]) -> str:
    """The longest start that ends in an underscore and that all names have."""
    first, last = min(names), max(names)
    length = next((i for i, (a, b) in enumerate(zip(first, last)) if a != b), min(len(first), len(last)) - 1)
    return first[: first.rfind("_", 0, length) + 1]
