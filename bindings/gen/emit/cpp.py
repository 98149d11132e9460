"""The C++ API: include/pawl/pawl.hpp and what it includes, header-only over the C ABI."""

from pathlib import PurePosixPath

from ..model import Api, Function, Handle
from ..naming import pascal
from .cpp_body import definition, results_of
from .cpp_class import class_of, declaration
from .cpp_options import lowering, options, value
from .cpp_shapes import outputs, result_struct
from .cpp_text import header_file

_PLUMBING = {"pawl_last_error"}  # Error has what it tells
_TAKEN = {"types", "options", "result", "pawl"}
_STANDARD = ["<cstddef>", "<cstdint>", "<memory>", "<optional>", "<string>", "<string_view>", "<utility>", "<vector>"]

_ABOUT = """C++20 over the C ABI: header-only, nothing of its own at run time, no exceptions of its own. The C headers say
what holds for all functions; here is only how they look in C++:

A function pawl_<noun>_<verb>(noun, …, out) is noun.<verb>(…), which gives Result<out>; one that makes an object is a
static function of its class. Functions on another noun keep it: pawl_account_register is Client::account_register.

Handles are move-only objects. As handles they are const: any method may be called from any thread.

Bytes are std::span<const uint8_t>, texts std::string_view; a text with a NUL inside is PAWL_E_INVALID_ARGUMENT. Where C
takes null, an empty text or span stands for it. Options own their texts and bytes, and wipe them when they end.

The structs of a batch or a page, and the constants that they are full of, are those of C: nothing is copied. They live
as long as the Events, Messages, … that they are from."""


class Files:
    """Which header of C++ holds what: the one named like the header of C that declares it."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.exposed = [it for it in api.functions if it.name not in _PLUMBING]
        released = {it.owner: it.header for it in api.functions if it.role == "release"}
        self.home = {handle.name: PurePosixPath(released[handle.name]).stem for handle in api.handles}
        self.free = {it.name: PurePosixPath(it.header).stem for it in self.exposed if not it.owner}

    def stems(self) -> list[str]:
        return sorted({*self.home.values(), *self.free.values()})

    def handles(self, stem: str) -> list[Handle]:
        return [it for it in self.api.handles if self.home[it.name] == stem]

    def functions(self, stem: str) -> list[Function]:
        """Those that have a body in the header's detail."""
        own = {it.name for it in self.handles(stem)}
        methods = [it for it in self.exposed if it.owner in own and it.role in ("factory", "method")]
        return methods + [it for it in self.exposed if self.free.get(it.name) == stem]

    def needs(self, stem: str) -> list[str]:
        """The headers whose classes the functions of this one use."""
        used = {param.of for it in self.functions(stem) for param in it.params if param.of in self.home}
        return sorted({self.home[name] for name in used} - {stem})


def _types(files: Files) -> str:
    api = files.api
    classes = sorted(pascal(it.name) for it in api.handles)
    results = sorted(result_struct(it) for it in files.exposed if len(outputs(it)) > 1)
    body = "// Of a request under way: the event that completes it has the same.\nusing RequestId = uint64_t;\n\n"
    body += "\n".join(value(api, it) for it in api.structs if it.kind == "value") + "\n"
    body += "".join(f"class {it};\n" for it in classes) + "".join(f"struct {it};\n" for it in results)
    includes = ["<compare>", "<cstdint>", "<cstring>", "pawl/detail/call.hpp", "pawl/pawl.h"]
    return header_file("types.hpp", "Values, and the names of the classes.", includes, body)


def _options(api: Api) -> str:
    structs = [it for it in api.structs if it.kind == "options"]
    lowered = "\n".join(lowering(it) for it in structs)
    body = "\n".join(options(api, it) for it in structs)
    body += f"\nnamespace internal {{\n\n{lowered}\n}}  // namespace internal\n"
    includes = ["<algorithm>", "<array>", "<cstdint>", "<optional>", "<string>", "<vector>"]
    about = "Structs that the caller fills in. Empty or zero means the default of a field."
    return header_file("options.hpp", about, [*includes, "pawl/detail/call.hpp", "pawl/types.hpp"], body)


def _noun(files: Files, stem: str) -> str:
    parts = [class_of(files.api, it) for it in files.handles(stem)]
    parts += [declaration(files.api, it) for it in files.functions(stem) if not it.owner]
    includes = [*_STANDARD, "pawl/options.hpp", "pawl/result.hpp", "pawl/types.hpp"]
    after = f'#include "pawl/detail/{stem}.hpp"\n'
    about = f"{stem}.h in C++. Included by pawl.hpp."
    return header_file(f"{stem}.hpp", about, includes, "\n".join(parts), after=after if files.functions(stem) else "")


def _detail(files: Files, stem: str) -> str:
    functions = files.functions(stem)
    parts = [text for it in functions if (text := results_of(it))] + [definition(files.api, it) for it in functions]
    # Classes may need each other in a circle: all stand before the first body.
    includes = [*_STANDARD, f"pawl/{stem}.hpp", *[f"pawl/{it}.hpp" for it in files.needs(stem)]]
    return header_file(f"detail/{stem}.hpp", f"The functions of {stem}.hpp.", includes, "\n".join(parts))


def emit(api: Api) -> dict[str, str]:
    files = Files(api)
    found = {"types.hpp": _types(files), "options.hpp": _options(api)}
    for stem in files.stems():
        if stem in _TAKEN:
            raise AssertionError(f"{stem}.hpp is there already: declare what is in {stem}.h in another header")
        found[f"{stem}.hpp"] = _noun(files, stem)
        if files.functions(stem):
            found[f"detail/{stem}.hpp"] = _detail(files, stem)
    everything = [f"pawl/{it}" for it in found if "/" not in it] + ["pawl/result.hpp"]
    found["pawl.hpp"] = header_file("pawl.hpp", _ABOUT, everything, "")
    return {f"include/pawl/{path}": text for path, text in found.items()}
