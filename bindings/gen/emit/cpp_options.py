"""Structs that the caller fills in, owning what they point to; and values."""

from ..model import Api, Field, Struct
from ..naming import pascal
from .cpp_text import comment, in_cpp

_OWNING = ("text", "bytes")


def _array_size(it: Field) -> str:
    return it.ctype.partition("[")[2].removesuffix("]")


def declared_field(it: Field) -> str:
    """The field as C++ has it."""
    declared = {
        "bool": f"bool {it.name} = false",
        "text": f"std::string {it.name}{{}}",
        "bytes": f"std::vector<uint8_t> {it.name}{{}}",
        "value": f"{pascal(it.of)} {it.name}{{}}",
        "value_ref": f"std::optional<{pascal(it.of)}> {it.name}{{}}",
        "struct_ref": f"{it.ctype} {it.name} = nullptr",
        "callback": f"{it.ctype} {it.name} = nullptr",
        "user": f"void* {it.name} = nullptr",
    }
    if it.shape == "array":
        return f"std::array<uint8_t, {_array_size(it)}> {it.name}{{}}"
    return declared.get(it.shape, f"{it.ctype} {it.name} = 0")


def _lowered(it: Field) -> str:
    """What sets the field of C."""
    source = f"from.{it.name}"
    if it.shape == "array":
        return f"  std::copy({source}.begin(), {source}.end(), to.{it.name});\n"
    set_to = {
        "bool": f"{source} ? 1 : 0",
        "text": f"OrNull({source})" if it.nullable else f"{source}.c_str()",
        "bytes": f"OrNull({source})",
        "value": f"{source}.raw",
        "value_ref": f"{source}.has_value() ? &{source}->raw : nullptr",
    }
    text = f"  to.{it.name} = {set_to.get(it.shape, source)};\n"
    return text + (f"  to.{it.partner} = {source}.size();\n" if it.shape == "bytes" else "")


def _fields(struct: Struct) -> list[Field]:
    return [it for it in struct.fields if it.shape not in ("struct_size", "reserved", "length")]


def options(api: Api, struct: Struct) -> str:
    name = pascal(struct.name)
    text = comment(in_cpp(api, struct.doc), 0) + f"struct {name} {{\n"
    for it in _fields(struct):
        text += comment(in_cpp(api, it.doc), 2) + f"  {declared_field(it)};\n"
    owned = [it.name for it in _fields(struct) if it.shape in _OWNING]
    if owned:
        text += f"\n  ~{name}() {{\n" + "".join(f"    internal::Wipe({it});\n" for it in owned) + "  }\n"
    return text + "};\n"


def lowering(struct: Struct) -> str:
    """The function that lets the C struct point into the one of C++."""
    texts = [f"IsText(from.{it.name})" for it in _fields(struct) if it.shape == "text"]
    text = f"inline bool Lower(const {pascal(struct.name)}& from, {struct.name}& to) {{\n"
    text += "".join(f"  if (!{it}) return false;\n" for it in texts)
    text += "  to.struct_size = sizeof(to);\n" + "".join(_lowered(it) for it in _fields(struct))
    return text + "  return true;\n}\n"


def value(api: Api, struct: Struct) -> str:
    """A frozen struct with equality and order."""
    name = pascal(struct.name)
    order = "std::partial_ordering" if any(it.shape == "double" for it in struct.fields) else "std::strong_ordering"
    text = comment(in_cpp(api, struct.doc), 0) + f"struct {name} {{\n  {struct.name} raw{{}};\n  {name}() = default;\n"
    text += f"  {name}(const {struct.name}& value) : raw(value) {{}}\n"
    for it in struct.fields:
        if it.shape == "array":
            text += f"  ByteSpan {it.name}() const {{ return raw.{it.name}; }}\n"
    text += f"  friend {order} operator<=>(const {name}& a, const {name}& b) {{\n"
    for it in struct.fields[:-1]:
        text += f"    if (const {order} first = {_compared(it)}; first != 0) return first;\n"
    text += f"    return {_compared(struct.fields[-1])};\n  }}\n"
    return text + f"  friend bool operator==(const {name}& a, const {name}& b) {{ return (a <=> b) == 0; }}\n}};\n"


def _compared(it: Field) -> str:
    a, b = f"a.raw.{it.name}", f"b.raw.{it.name}"
    return f"std::memcmp({a}, {b}, sizeof({a})) <=> 0" if it.shape == "array" else f"{a} <=> {b}"
