"""The C side of the Java binding: one exported native method for each function, made of bindings/java/jni/glue.h."""

from ..errors import Refused
from ..model import Api, Function, Handle, Param
from ..naming import pascal
from . import java_c_structs
from .java_names import GLUE, PLUMBING, fingerprint, is_open, native, outputs
from .text import GENERATED

_PARAMS = {
    "self": "jlong {0}",
    "handle": "jobject keep_{0}, jlong {0}",
    "text": "jbyteArray {0}",
    "bool": "jboolean {0}",
    "double": "jdouble {0}",
    "options": "jbyteArray {0}",
    "value": "jbyteArray {0}",
    "enum": "jint {0}",
}
_DIRECT = {"int": "jlong", "double": "jdouble", "bool": "jboolean", "text": "jbyteArray"}


def _parameters(function: Function) -> list[str]:
    made = ["JNIEnv* env", "jclass type" if function.role in ("factory", "free", "release") else "jobject self"]
    for it in function.params:
        if is_open(it):
            made.append(f"jobject {it.name}_direct, jbyteArray {it.name}, jint {it.name}_offset, jint {it.name}_length")
        elif it.shape == "bytes":
            made.append(f"jbyteArray {it.name}")
        elif it.shape == "int":
            made.append(f"{'jint' if it.ctype in ('int32_t', 'pawl_status') else 'jlong'} {it.name}")
        elif it.shape in _PARAMS:
            made.append(_PARAMS[it.shape].format(it.name))
        elif it.shape == "out_bytes":
            made.append(f"jobject {it.name}_direct, jbyteArray {it.name}_array, jint {it.name}_offset, jint {it.name}_capacity")
    return made


def _unused(function: Function) -> list[str]:
    names = ["type" if function.role in ("factory", "free", "release") else "self"]
    return names + [f"keep_{it.name}" for it in function.params if it.shape == "handle"]


def _head(api: Api, function: Function, returns: str) -> str:
    home = pascal(function.owner) if function.owner else "Pawl"
    name = f"Java_org_pawl_{home}_{native(function)}"
    return f"JNIEXPORT {returns} JNICALL {name}({', '.join(_parameters(function))})"


class _Call:
    """The parts of one native method: what is declared, read, asked and packed."""

    def __init__(self, api: Api, function: Function) -> None:
        self.api = api
        self.function = function
        self.declared: list[str] = []
        self.read: list[str] = []
        self.arguments: list[str] = []
        self.packed: list[str] = []
        for number, it in enumerate(function.params):
            following = function.params[number + 1] if number + 1 < len(function.params) else None
            getattr(self, f"_{it.shape}")(it, following)

    def _self(self, it: Param, _: Param | None) -> None:
        self.arguments.append(f"pawl_jni_pointer({it.name})")

    _handle = _self

    def _text(self, it: Param, _: Param | None) -> None:
        self.declared.append(f"const char* in_{it.name};")
        self.read.append(f"in_{it.name} = pawl_jni_text(&call, {it.name});")
        self.arguments.append(f"in_{it.name}")

    def _bytes(self, it: Param, _: Param | None) -> None:
        self.declared.append(f"const uint8_t* in_{it.name};")
        self.arguments.append(f"in_{it.name}")
        if is_open(it):
            parts = f"{it.name}_direct, {it.name}, {it.name}_offset, {it.name}_length"
            self.declared.append(f"const size_t {it.name}_len = (size_t){it.name}_length;")
            self.read.append(f"in_{it.name} = pawl_jni_bytes(&call, {parts});")
        else:
            self.declared.append(f"size_t {it.name}_len = 0;")
            self.read.append(f"in_{it.name} = pawl_jni_array(&call, {it.name}, &{it.name}_len);")

    def _length(self, it: Param, _: Param | None) -> None:
        self.arguments.append(it.name)

    def _int(self, it: Param, _: Param | None) -> None:
        if it.ctype != "size_t":
            self.arguments.append(f"({it.ctype}){it.name}")
            return
        self.declared.append(f"size_t in_{it.name};")
        self.read.append(f"in_{it.name} = pawl_jni_size(&call, {it.name});")
        self.arguments.append(f"in_{it.name}")

    def _double(self, it: Param, _: Param | None) -> None:
        self.arguments.append(it.name)

    def _bool(self, it: Param, _: Param | None) -> None:
        self.arguments.append(f"{it.name} ? 1 : 0")

    def _enum(self, it: Param, _: Param | None) -> None:
        self.arguments.append(f"({it.ctype}){it.name}")

    def _options(self, it: Param, _: Param | None) -> None:
        self.declared.append(f"{it.of} in_{it.name};")
        self.read.append(f"if ({it.name} != NULL) pawl_jni_get_{it.of.removeprefix('pawl_')}(&call, {it.name}, &in_{it.name});")
        self.arguments.append(f"{it.name} == NULL ? NULL : &in_{it.name}")

    _value = _options

    def _output(self, it: Param, kind: str, zero: str, pack: str) -> None:
        self.declared.append(f"{kind} {it.name} = {zero};")
        self.arguments.append(f"&{it.name}")
        self.packed.append(pack.format(it.name))

    def _out_handle(self, it: Param, _: Param | None) -> None:
        kind = self.api.handle(it.of).kind
        self._output(it, f"{it.of}*", "NULL", "pawl_jni_put_pointer(&call, {0});")
        if kind == "bytes":
            self.packed[-1] = f"pawl_jni_put_bytes(&call, {it.of}_data({it.name}), {it.of}_size({it.name}));"

    def _out_int(self, it: Param, _: Param | None) -> None:
        self._output(it, it.ctype.removesuffix("*"), "0", "pawl_jni_put_int(&call, (int64_t){0});")

    _out_bool = _out_enum = _request_id = _out_int

    def _out_double(self, it: Param, _: Param | None) -> None:
        self._output(it, "double", "0", "pawl_jni_put_double(&call, {0});")

    def _out_value(self, it: Param, _: Param | None) -> None:
        self._output(it, it.of, "{0}", f"pawl_jni_put_{it.of.removeprefix('pawl_')}(&call, &{{0}});")

    def _out_result(self, it: Param, _: Param | None) -> None:
        self._output(it, it.of, self.api.struct(it.of).start, f"pawl_jni_put_{it.of.removeprefix('pawl_')}(&call, &{{0}});")

    def _out_text(self, it: Param, _: Param | None) -> None:
        self._buffer(it, "NULL, NULL, 0, -1", "pawl_jni_put_out_text")

    def _out_bytes(self, it: Param, _: Param | None) -> None:
        parts = f"{it.name}_direct, {it.name}_array, {it.name}_offset, {it.name}_capacity"
        self._buffer(it, parts, "pawl_jni_put_out")
        for other in self.function.params:
            if is_open(other):
                self.read.append(f"pawl_jni_out_apart(&call, &written, in_{other.name}, {other.name}_len);")

    def _buffer(self, it: Param, where: str, put: str) -> None:
        self.declared.append("pawl_jni_out written;")
        self.read.append(f"pawl_jni_out_begin(&call, &written, {where}, {self._bound(it)});")
        self.arguments.append("(char*)written.data" if it.shape == "out_text" else "written.data")
        self.packed.append(f"{put}(&call, &written);")

    def _bound(self, it: Param) -> str:
        bound = it.bound
        assert bound is not None
        if bound.constant:
            return bound.constant
        if bound.length_of:
            return f"{bound.length_of}_len" + (f" + {bound.plus}" if bound.plus else "")
        own = next(param.name for param in self.function.params if param.shape in ("self", "handle"))
        self.declared.append("size_t bound = 0;")
        asked = ", ".join([f"pawl_jni_pointer({own})", *bound.arguments, "&bound"])
        self.read.append(f"if (call.status == PAWL_OK && {it.name}_direct == NULL) call.status = {bound.call}({asked});")
        return "bound"

    def _capacity(self, it: Param, _: Param | None) -> None:
        self.arguments.append("written.cap")

    def _written(self, it: Param, _: Param | None) -> None:
        self.arguments.append("&written.len")

    def has_buffer(self) -> bool:
        return any(it.shape in ("out_text", "out_bytes") for it in self.function.params)


def _direct(api: Api, function: Function) -> str:
    """A function that returns a number or a static text and cannot fail."""
    returns = _DIRECT[function.returns]
    call = _Call(api, function)
    if call.read:
        raise Refused(function.header, f"{function.name}: a function without a status takes numbers alone")
    asked = f"{function.name}({', '.join(call.arguments)})"
    unused = "".join(f"  (void){name};\n" for name in ["env", *_unused(function)] if name != "env" or function.returns != "text")
    cast, truth = (f"({returns})", "") if function.returns != "bool" else ("", " != 0")
    if function.returns == "text":
        return (
            f"{_head(api, function, returns)} {{\n  pawl_jni_call call;\n{unused}  pawl_jni_begin(&call, env);\n"
            f"  pawl_jni_put_text(&call, {asked});\n  return pawl_jni_end(&call);\n}}\n"
        )
    return f"{_head(api, function, returns)} {{\n{unused}  return {cast}{asked}{truth};\n}}\n"


def _ending(api: Api, function: Function) -> str:
    unused = "".join(f"  (void){name};\n" for name in ["env", *_unused(function)])
    own = function.params[0].name
    return f"{_head(api, function, 'void')} {{\n{unused}  {function.name}(pawl_jni_pointer({own}));\n}}\n"


def _asking(call: _Call) -> str:
    asked = f"{call.function.name}({', '.join(call.arguments)})"
    if not call.has_buffer():
        return f"  if (call.status == PAWL_OK) call.status = {asked};\n"
    return f"  do {{\n    if (call.status == PAWL_OK) call.status = {asked};\n  }} while (pawl_jni_out_again(&call, &written));\n"


def _closing(api: Api, function: Function) -> str:
    """The end of a native method: an object that Java did not get is given back; bytes are copied by now."""
    made = next((it for it in outputs(function) if it.shape == "out_handle"), None)
    if made is None:
        return "  return pawl_jni_end(&call);\n"
    release = api.handle(made.of).release
    if api.handle(made.of).kind == "bytes":
        return f"  {release}({made.name});\n  return pawl_jni_end(&call);\n"
    return f"  reply = pawl_jni_end(&call);\n  if (reply == NULL || call.status != PAWL_OK) {release}({made.name});\n  return reply;\n"


def _fallible(api: Api, function: Function) -> str:
    call = _Call(api, function)
    made = next((it for it in outputs(function) if it.shape == "out_handle"), None)
    lines = ["pawl_jni_call call;", *call.declared]
    if made is not None and api.handle(made.of).kind != "bytes":
        lines.append("jbyteArray reply;")
    lines += [f"(void){name};" for name in _unused(function)]
    lines += ["pawl_jni_begin(&call, env);", *call.read]
    text = "".join(f"  {line}\n" for line in lines) + _asking(call)
    if call.packed:
        packed = "".join(f"    {line}\n" for line in call.packed)
        text += f"  if (call.status == PAWL_OK) {{\n{packed}  }}\n"
    return f"{_head(api, function, 'jbyteArray')} {{\n{text}{_closing(api, function)}}}\n"


def _reading(api: Api, handle: Handle) -> str:
    """A page is read piece by piece: the next index, then items as long as the reply is not long enough."""
    head = f"JNIEXPORT jbyteArray JNICALL Java_org_pawl_{pascal(handle.name)}_nRead"
    item = handle.item.removeprefix("pawl_")
    return f"""{head}(JNIEnv* env, jobject self, jlong page, jlong from) {{
  const {handle.name}* items = pawl_jni_pointer(page);
  const size_t count = {handle.name}_count(items);
  size_t next = (size_t)from;
  pawl_jni_call call;
  (void)self;
  pawl_jni_begin(&call, env);
  pawl_jni_put_int(&call, (int64_t)count);
  for (; next < count && !pawl_jni_is_full(&call); ++next) pawl_jni_put_{item}(&call, {handle.name}_at(items, next));
  return pawl_jni_end(&call);
}}
"""


def _glue(api: Api, function: Function) -> str:
    if function.role in ("release", "close"):
        return _ending(api, function)
    return _fallible(api, function) if function.returns == "status" else _direct(api, function)


def _file(header: list[str], body: list[str]) -> str:
    includes = "".join(f"#include {name}\n" for name in header)
    return f"/* {GENERATED} */\n/* clang-format off */\n\n{includes}\n" + "\n".join(body)


def _of_handle(api: Api, handle: Handle) -> str:
    functions = [it for it in api.of(handle) if it.name not in PLUMBING and it.role not in ("count", "at")]
    body = [_glue(api, it) for it in functions]
    if handle.kind == "page":
        body.append(_reading(api, handle))
    return _file(['"glue.h"', '"pawl_jni_structs.h"'], body)


def _agreement(api: Api) -> str:
    return f"""/* {GENERATED} */
#ifndef PAWL_BINDINGS_JAVA_JNI_PAWL_JNI_API_H_
#define PAWL_BINDINGS_JAVA_JNI_PAWL_JNI_API_H_

/* What the jar asks for when it loads this library: both come from the same headers, or fail. */
#define PAWL_JNI_API "{api.version} {fingerprint(api)}"

#endif /* PAWL_BINDINGS_JAVA_JNI_PAWL_JNI_API_H_ */
"""


def emit(api: Api) -> dict[str, str]:
    files = {f"{GLUE}/pawl_jni_api.h": _agreement(api), **java_c_structs.emit(api)}
    free = [_glue(api, it) for it in api.functions if it.role == "free" and it.name not in PLUMBING]
    files[f"{GLUE}/pawl_jni.c"] = _file(['"glue.h"'], free)
    for handle in api.handles:
        if handle.kind != "bytes":
            files[f"{GLUE}/pawl_jni_{handle.noun}.c"] = _of_handle(api, handle)
    return files
