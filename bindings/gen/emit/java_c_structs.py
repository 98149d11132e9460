"""Structs between C and the packed form that Java reads and writes (bindings/java/jni/glue.h)."""

from ..model import Api, Field, Struct
from .java_names import GLUE, carried, struct_fields
from .text import GENERATED


def _short(name: str) -> str:
    return name.removeprefix("pawl_")


def _put_field(field: Field) -> list[str]:
    it = f"it->{field.name}"
    if field.shape in ("int", "bool", "enum", "status"):
        return [f"pawl_jni_put_int(call, (int64_t){it});"]
    if field.shape == "double":
        return [f"pawl_jni_put_double(call, {it});"]
    if field.shape == "text":
        return [f"pawl_jni_put_text(call, {it});"]
    if field.shape == "bytes":
        return [f"pawl_jni_put_bytes(call, {it}, it->{field.partner});"]
    if field.shape == "array":
        return [f"pawl_jni_put_raw(call, {it}, sizeof({it}));"]
    if field.shape == "value":
        return [f"pawl_jni_put_{_short(field.of)}(call, &{it});"]
    if field.shape in ("value_ref", "struct_ref"):
        return [f"pawl_jni_put_int(call, {it} != NULL);", f"if ({it} != NULL) pawl_jni_put_{_short(field.of)}(call, {it});"]
    raise AssertionError(f"{field.name}: {field.shape}")


def _get_field(field: Field) -> list[str]:
    it = f"it->{field.name}"
    if field.shape in ("int", "bool", "enum", "status"):
        return [f"{it} = ({field.ctype})pawl_jni_get_int(in);"]
    if field.shape == "double":
        return [f"{it} = pawl_jni_get_double(in);"]
    if field.shape == "text":
        return [f"{it} = pawl_jni_get_text(in);"]
    if field.shape == "bytes":
        return [f"{it} = pawl_jni_get_bytes(in, &it->{field.partner});"]
    if field.shape == "array":
        return [f"memcpy({it}, pawl_jni_get_raw(in, sizeof({it})), sizeof({it}));"]
    if field.shape == "value":
        return [f"unpack_{_short(field.of)}(in, &{it});"]
    if field.shape == "value_ref":
        return [f"if (pawl_jni_get_int(in) != 0) {it} = pawl_jni_get_raw(in, sizeof({field.of}));"]
    raise AssertionError(f"{field.name}: {field.shape} goes one way only")


def _lines(parts: list[list[str]]) -> str:
    return "".join(f"  {line}\n" for part in parts for line in part)


def _put_head(struct: Struct) -> str:
    return f"void pawl_jni_put_{_short(struct.name)}(pawl_jni_call* call, const {struct.name}* it)"


def _get_head(struct: Struct) -> str:
    return f"void pawl_jni_get_{_short(struct.name)}(pawl_jni_call* call, jbyteArray packed, {struct.name}* it)"


def _put(struct: Struct) -> str:
    return f"{_put_head(struct)} {{\n{_lines([_put_field(it) for it in struct_fields(struct)])}}}\n"


def _get(struct: Struct) -> str:
    short = _short(struct.name)
    sized = any(it.shape == "struct_size" for it in struct.fields)
    first = "  it->struct_size = sizeof(*it);\n" if sized else ""
    return f"""static void unpack_{short}(pawl_jni_in* in, {struct.name}* it) {{
  memset(it, 0, sizeof(*it));
{first}{_lines([_get_field(it) for it in struct_fields(struct)])}}}

{_get_head(struct)} {{
  pawl_jni_in in = pawl_jni_packed(call, packed);
  if (in.at != NULL) unpack_{short}(&in, it);
}}
"""


def _given(api: Api) -> list[Struct]:
    return [it for it in api.structs if it.kind in ("options", "value")]


def _taken(api: Api) -> list[Struct]:
    names = carried(api)
    return [it for it in api.structs if it.name in names or it.kind == "value"]


def _header(api: Api) -> str:
    heads = [_put_head(it) for it in _taken(api)] + [_get_head(it) for it in _given(api)]
    return f"""/* {GENERATED} */
#ifndef PAWL_BINDINGS_JAVA_JNI_PAWL_JNI_STRUCTS_H_
#define PAWL_BINDINGS_JAVA_JNI_PAWL_JNI_STRUCTS_H_
/* clang-format off */

#include "glue.h"

{"".join(f"{head};{chr(10)}" for head in heads)}
#endif /* PAWL_BINDINGS_JAVA_JNI_PAWL_JNI_STRUCTS_H_ */
"""


def _source(api: Api) -> str:
    body = "\n".join([_put(it) for it in _taken(api)] + [_get(it) for it in _given(api)])
    return f'/* {GENERATED} */\n/* clang-format off */\n\n#include "pawl_jni_structs.h"\n\n#include <string.h>\n\n{body}'


def emit(api: Api) -> dict[str, str]:
    return {f"{GLUE}/pawl_jni_structs.h": _header(api), f"{GLUE}/pawl_jni_structs.c": _source(api)}
