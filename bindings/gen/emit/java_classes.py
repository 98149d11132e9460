"""Java classes that do something: one for each handle, pages as lists, and Pawl for what belongs to none."""

from ..errors import Refused
from ..model import Api, Function, Handle, Param
from ..naming import camel, pascal
from .java_file import file
from .java_names import (
    PLUMBING, SOURCE_OF_EVENTS, SOURCES, Words, enum_type, exposed, inputs, is_flags, is_open, is_wide, javadoc, native, number, outputs,
)  # fmt: skip
from .text import described

_OPEN = "NativeBytes"
_BY_FUTURE = {
    "": "",
    "event": "The future is done when the request is.",
    "data": "The future is done when the request is, and has its data.",
}


def _type(api: Api, it: Param, buffers: bool) -> str:
    """The type of an input."""
    if is_open(it):
        return "ByteBuffer" if buffers else "byte[]"
    if it.shape == "int":
        return number(it.ctype)
    if it.shape == "enum":
        return enum_type(api, it.of)
    if it.shape in ("handle", "options", "value"):
        return pascal(it.of)
    return {"text": "String", "bytes": "byte[]", "bool": "boolean", "double": "double"}[it.shape]


def _is_reference(api: Api, it: Param) -> bool:
    return it.shape in ("handle", "options", "value", "text", "bytes") or (it.shape == "enum")


def _native_types(it: Param) -> list[str]:
    if is_open(it):
        return [f"ByteBuffer {it.name}Direct", f"byte[] {it.name}", f"int {it.name}Offset", f"int {it.name}Length"]
    if it.shape == "out_bytes":
        return ["ByteBuffer outDirect", "byte[] outArray", "int outOffset", "int outCapacity"]
    plain = {"self": "long", "text": "byte[]", "bytes": "byte[]", "options": "byte[]", "value": "byte[]", "bool": "boolean",
             "double": "double", "enum": "int"}  # fmt: skip
    if it.shape == "handle":
        return [f"Object keep{pascal(it.name)}", f"long {camel(it.name)}"]
    if it.shape == "int":
        return [f"{number(it.ctype)} {camel(it.name)}"]
    return [f"{plain[it.shape]} {camel(it.name)}"] if it.shape in plain else []


def _arguments(api: Api, it: Param, into: bool) -> list[str]:
    """What stands in the call of the native method."""
    name = camel(it.name)
    if it.shape == "self":
        return ["pointer()"]
    if it.shape == "handle":
        return [name, f"Handle.pointerOf({name})"]
    if is_open(it):
        return [f"{name}Bytes.{part}" for part in ("direct", "array", "offset", "length")]
    if it.shape == "out_bytes":
        return [f"outBytes.{part}" for part in ("direct", "array", "offset", "length")] if into else ["null", "null", "0", "-1"]
    if it.shape == "text":
        return [f'wiped.utf8({name}, "{name}")']
    if it.shape in ("options", "value"):
        packed = f"wiped.keep({name}.packed())" if it.shape == "options" else f"{name}.packed()"
        return [f"{name} == null ? null : {packed}" if it.nullable else packed]
    if it.shape == "enum":
        return [f"{pascal(it.of)}.bits({name})" if is_flags(api, it.of) else f"{name}.code()"]
    if it.shape == "int" and it.ctype in ("uint32_t", "size_t"):
        return [f'Packer.{"uint32" if it.ctype == "uint32_t" else "size"}({name}, "{name}")']
    return [name] if it.shape in ("int", "bool", "double", "bytes") else []


class _Method:
    """One function as a method of Java: with arrays, or with buffers (and a buffer to write to)."""

    def __init__(self, api: Api, words: Words, function: Function, buffers: bool) -> None:
        self.api = api
        self.words = words
        self.function = function
        self.buffers = buffers
        self.given = inputs(function)
        self.made = outputs(function)
        self.into = buffers and any(it.shape == "out_bytes" for it in self.made)
        self.is_static = function.role in ("factory", "free")
        if self.into:
            self.made = [it for it in self.made if it.shape != "out_bytes"]
            if len(self.made) > 1:
                raise Refused(function.header, f"{function.name}: Java can return one thing beside a buffer")

    def result_class(self) -> str:
        return pascal(self.function.method) + "Result"

    def _parent(self) -> str:
        """The object whose pump brings the completion."""
        if not self.is_static:
            return "this"
        handle = next((it for it in self.given if it.shape == "handle"), None)
        return camel(handle.name) if handle else "null"

    def output_type(self, it: Param) -> str:
        if it.shape == "out_handle":
            return "byte[]" if self.api.handle(it.of).kind == "bytes" else pascal(it.of)
        if it.shape in ("out_value", "out_result"):
            return pascal(it.of)
        if it.shape == "out_int":
            return number(it.ctype.removesuffix("*"))
        if it.shape == "out_enum":
            return enum_type(self.api, it.of)
        if it.shape == "request_id":
            return f"CompletableFuture<{'byte[]' if self.function.completes == 'data' else 'Void'}>"
        return {"out_double": "double", "out_bool": "boolean", "out_text": "String", "out_bytes": "byte[]"}[it.shape]

    def output_name(self, it: Param) -> str:
        names = {"request_id": "completion", "out_bytes": "bytes", "out_text": "text"}
        return names.get(it.shape) or camel(it.name.removeprefix("out_"))

    def _unpacked(self, it: Param) -> str:
        kind = self.output_type(it)
        if it.shape == "out_handle":
            handle = self.api.handle(it.of)
            if handle.kind == "bytes":
                return "reply.bytes()"
            return f"new {kind}(reply.int64(){', ' + self._parent() if handle.kind == 'object' else ''})"
        if it.shape in ("out_value", "out_result"):
            return f"{kind}.read(reply)"
        if it.shape == "request_id":
            how = "data" if self.function.completes == "data" else "done"
            return f"{self._parent()}.pump().requests().{how}(reply.int64())"
        if it.shape == "out_enum":
            return f"{pascal(it.of)}.{'set' if is_flags(self.api, it.of) else 'fromCode'}(reply.int32())"
        reads = {"long": "int64", "int": "int32", "boolean": "bool", "double": "float64", "String": "text", "byte[]": "bytes"}
        return f"reply.{reads[kind]}()"

    def returns(self) -> str:
        if self.function.returns != "status":
            kinds = {"int": number(self.function.return_ctype), "double": "double", "bool": "boolean", "text": "String"}
            return kinds[self.function.returns]
        if self.into and not self.made:
            return "int"
        if len(self.made) == 1:
            return self.output_type(self.made[0])
        return self.result_class() if self.made else "void"

    def head(self) -> str:
        given = [f"{_type(self.api, it, self.buffers)} {camel(it.name)}" for it in self.given]
        given += ["ByteBuffer out"] if self.into else []
        static = "static " if self.is_static else ""
        return f"  public {static}{self.returns()} {camel(self.function.method)}({', '.join(given)}) {{\n"

    def _checks(self) -> str:
        lines = [
            f'    Objects.requireNonNull({camel(it.name)}, "{camel(it.name)}");\n'
            for it in self.given
            if _is_reference(self.api, it) and not it.nullable
        ]
        lines += [f"    {_OPEN} {camel(it.name)}Bytes = {_OPEN}.of({camel(it.name)});\n" for it in self.given if is_open(it)]
        if self.into:
            inputs = "".join(f", {camel(it.name)}" for it in self.given if is_open(it))
            lines.append(f"    {_OPEN} outBytes = {_OPEN}.room(out{inputs});\n")
        return "".join(lines)

    def _call(self) -> str:
        arguments = [part for it in self.function.params for part in _arguments(self.api, it, self.into)]
        return f"{native(self.function)}({', '.join(arguments)})"

    def _consumed(self) -> str:
        return "".join(f"    {_OPEN}.consume({camel(it.name)});\n" for it in self.given if is_open(it) and self.buffers)

    def body(self) -> str:
        if self.function.returns != "status":
            return f"    return {self._direct()};\n"
        asking = self._asking()
        if any(it.shape in ("text", "options") for it in self.given):
            inner = "".join(f"  {line}\n" for line in asking.splitlines())
            asking = f"    try (Wiped wiped = new Wiped()) {{\n{inner}    }}\n"
        return self._checks() + asking

    def _asking(self) -> str:
        """The call, and what becomes of its reply."""
        if not self.made and not self.into:
            return f"    Unpacker.of({self._call()});\n{self._consumed()}"
        text = f"    Unpacker reply = Unpacker.of({self._call()});\n{self._consumed()}"
        if self.into:
            written = f"{_OPEN}.written(out, reply.int64())"
            text += f"    return {written};\n" if not self.made else f"    {written};\n"
        if len(self.made) == 1:
            return text + f"    return {self._unpacked(self.made[0])};\n"
        if self.made:
            parts = ", ".join(self._unpacked(it) for it in self.made)
            return text + f"    return new {self.result_class()}({parts});\n"
        return text

    def _direct(self) -> str:
        call = self._call()
        if self.function.returns == "text":
            return f"Unpacker.of({call}).text()"
        narrow = self.function.returns == "int" and not is_wide(self.function.return_ctype)
        return f"(int) {call}" if narrow else call

    def text(self) -> str:
        doc = self.words.java(described(self.function, _BY_FUTURE))
        if self.buffers:
            where = " What comes out is written to `out` from its position on." if self.into else ""
            same = f"{{@code {camel(self.function.method)}}} with buffers: bytes are taken from position to limit.{where}"
            doc = same.replace("`out`", "{@code out}")
        return f"{javadoc(doc, 2)}{self.head()}{self.body()}  }}\n"

    def members(self) -> list[str]:
        """What several outputs are called, for a reader."""
        if len(self.made) < 2:
            return []
        return [f"// {self.result_class()}: " + ", ".join(f"{self.output_type(it)} {self.output_name(it)}()" for it in self.made)]

    def result(self) -> str:
        """The class of several outputs."""
        name = self.result_class()
        kept = "".join(f"    private final {self.output_type(it)} {self.output_name(it)};\n" for it in self.made)
        given = ", ".join(f"{self.output_type(it)} {self.output_name(it)}" for it in self.made)
        sets = "".join(f"      this.{self.output_name(it)} = {self.output_name(it)};\n" for it in self.made)
        getters = "".join(
            f"\n    public {self.output_type(it)} {self.output_name(it)}() {{\n      return {self.output_name(it)};\n    }}\n"
            for it in self.made
        )
        return f"""  /** What {{@code {camel(self.function.method)}}} gives. */
  public static final class {name} {{
{kept}
    private {name}({given}) {{
{sets}    }}
{getters}  }}
"""


def signatures(api: Api, function: Function) -> list[str]:
    """How Java declares a function: once, or twice when it takes buffers as well."""
    ways = [False, True] if any(is_open(it) for it in function.params) else [False]
    methods = [_Method(api, Words(api), function, way) for way in ways]
    return [it.head().strip().removeprefix("public ").removesuffix(" {") for it in methods] + methods[0].members()


def _native_line(function: Function) -> str:
    types = [part for it in function.params for part in _native_types(it)]
    returns = {"status": "byte[]", "text": "byte[]", "int": "long", "double": "double", "bool": "boolean", "void": "void"}[
        function.returns
    ]
    static = "static " if function.role in ("factory", "free", "release") else ""
    access = "" if function.role == "release" else "private "
    return f"  {access}{static}native {returns} {native(function)}({', '.join(types)});\n"


def _methods(api: Api, words: Words, functions: list[Function]) -> list[str]:
    parts = []
    for it in functions:
        plain = _Method(api, words, it, False)
        parts.append(plain.text())
        if any(is_open(param) for param in it.params):
            parts.append(_Method(api, words, it, True).text())
    return parts


def _results(api: Api, words: Words, functions: list[Function]) -> list[str]:
    made = [_Method(api, words, it, False) for it in functions]
    return [it.result() for it in made if len(it.made) > 1]


def _object(api: Api, words: Words, handle: Handle) -> str:
    name = pascal(handle.name)
    functions = exposed(api, handle)
    base = "EventSource" if handle.name == SOURCE_OF_EVENTS else "Handle"
    ends = api.of(handle, "close")
    doc = words.java(described(ends[0], _BY_FUTURE) if ends else "Nothing ends before its memory is given back.")
    close = f"{javadoc(doc, 2)}  @Override\n  public void close() {{\n"
    close += "    pump().beginClose();\n" if base == "EventSource" else ""
    close += "".join(f"    {native(it)}(pointer());\n" for it in ends)
    close += "    pump().close();\n" if base == "EventSource" else ""
    close += "  }\n"
    make = f"  {name}(long pointer, Handle parent) {{\n    super(pointer, {name}::nRelease, parent);\n  }}\n"
    natives = "".join(_native_line(it) for it in [*functions, *api.of(handle, "close", "release")])
    body = "\n".join([make, *_methods(api, words, functions), close, *_results(api, words, functions), natives])
    return file(f"{javadoc(words.java(handle.doc))}public final class {name} extends {base} {{\n{body}}}\n")


def _page(api: Api, words: Words, handle: Handle) -> str:
    """A list, read when it is made; what the page says besides is asked then, too."""
    name, item = pascal(handle.name), pascal(handle.item)
    more = [it for it in api.of(handle, "method") if it.name not in PLUMBING]
    if any(it.returns not in ("int", "double", "bool") or len(it.params) > 1 for it in more):
        raise Refused(handle.header, f"{handle.name}: a page says numbers besides its items, nothing else")
    kept = "".join(f"  private final {_Method(api, words, it, False).returns()} {camel(it.method)};\n" for it in more)
    asked = "".join(f"    {camel(it.method)} = {native(it)}(pointer);\n" for it in more)
    said = "".join(
        f"\n{javadoc(words.java(it.doc), 2)}  public {_Method(api, words, it, False).returns()} {camel(it.method)}() {{\n"
        f"    return {camel(it.method)};\n  }}\n"
        for it in more
    )
    empty = f"  /** To be filled by {{@link #readMore}}. */\n  {name}() {{}}\n\n" if not more else ""
    natives = "".join(_native_line(it) for it in [*more, *api.of(handle, "release")])
    body = f"""{kept}{chr(10) if kept else ""}{empty}  {name}(long pointer) {{
{asked}    take(pointer);
  }}
{said}
  @Override
  byte[] read(long pointer, long from) {{
    return nRead(pointer, from);
  }}

  @Override
  {item} item(Unpacker reply) {{
    return {item}.read(reply);
  }}

  @Override
  void release(long pointer) {{
    nRelease(pointer);
  }}

  private native byte[] nRead(long page, long from);

{natives}"""
    return file(f"{javadoc(words.java(handle.doc))}public final class {name} extends Page<{item}> {{\n{body}}}\n")


def _free(api: Api, words: Words) -> str:
    functions = [it for it in api.functions if it.role == "free" and it.name not in PLUMBING]
    numbers = "".join(
        f"{javadoc(words.java(it.doc), 2)}  public static final int {it.name.removeprefix('PAWL_')} = {it.value};\n" for it in api.constants
    )
    load = "  static {\n    NativeLibrary.load();\n  }\n"
    body = "\n".join([numbers, load, "  private Pawl() {}\n", *_methods(api, words, functions), "".join(map(_native_line, functions))])
    return file(f"/** What belongs to no object. */\npublic final class Pawl {{\n{body}}}\n")


def emit(api: Api) -> dict[str, str]:
    words = Words(api)
    files = {f"{SOURCES}/Pawl.java": _free(api, words)}
    makers = {"object": _object, "page": _page}
    for handle in api.handles:
        if handle.kind in makers:
            files[f"{SOURCES}/{pascal(handle.name)}.java"] = makers[handle.kind](api, words, handle)
    return files
