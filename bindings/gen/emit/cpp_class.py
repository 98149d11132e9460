"""The classes: one for each handle, move-only, released with the object."""

from ..model import Api, Function, Handle
from ..naming import pascal
from .cpp_body import signature
from .cpp_shapes import outputs
from .cpp_text import comment, in_cpp
from .text import BY_EVENT, described


def note(api: Api, it: Function) -> str:
    """What the function does, and what a caller must know of how."""
    doc = " ".join(in_cpp(api, described(it, BY_EVENT)).split())
    found = outputs(it)
    if len(found) > 1:
        doc += f" Gives {{{', '.join(one.name for one in found)}}}."
    return doc.strip()


def declaration(api: Api, it: Function) -> str:
    indent = 2 if it.owner else 0
    return comment(note(api, it), indent) + signature(it, declared=True)


def _page(api: Api, handle: Handle) -> str:
    count, at = api.of(handle, "count")[0], api.of(handle, "at")[0]
    name = pascal(handle.name)
    return (
        f"  using iterator = internal::PageIterator<{name}, {handle.item}>;\n"
        f"  size_t size() const {{ return {count.name}(raw()); }}\n"
        "  bool empty() const { return size() == 0; }\n"
        "  // Lives as long as this page.\n"
        f"  const {handle.item}& operator[](size_t index) const {{ return *{at.name}(raw(), index); }}\n"
        "  iterator begin() const { return {this, 0}; }\n"
        "  iterator end() const { return {this, size()}; }\n"
    )


def _bytes(api: Api, handle: Handle) -> str:
    data, size = api.of(handle, "data")[0], api.of(handle, "size")[0]
    return (
        f"  const uint8_t* data() const {{ return {data.name}(raw()); }}\n"
        f"  size_t size() const {{ return {size.name}(raw()); }}\n"
        "  // They live as long as this object.\n"
        "  ByteSpan bytes() const { return {data(), size()}; }\n"
        "  operator ByteSpan() const { return bytes(); }\n"
    )


def class_of(api: Api, handle: Handle) -> str:
    name = pascal(handle.name)
    text = comment(in_cpp(api, handle.doc), 0)
    text += f"class {name} {{\n public:\n  // Takes it over: it is released with this object.\n"
    text += f"  explicit {name}({handle.name}* handle) : handle_(handle) {{}}\n"
    text += {"page": _page, "bytes": _bytes}.get(handle.kind, lambda _api, _handle: "")(api, handle)
    for it in api.of(handle, "factory", "method"):
        text += declaration(api, it)
    for it in api.of(handle, "close"):
        text += comment(note(api, it), 2) + f"  void {it.method}() const {{ {it.name}(raw()); }}\n"
    return text + (
        f"  {handle.name}* raw() const {{ return handle_.get(); }}\n\n private:\n  struct Releaser {{\n"
        f"    void operator()({handle.name}* it) const {{ {handle.release}(it); }}\n  }};\n"
        f"  std::unique_ptr<{handle.name}, Releaser> handle_;\n}};\n"
    )
