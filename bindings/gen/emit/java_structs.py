"""Java classes of structs: results that come, options that go, values that do both."""

from ..errors import Refused
from ..model import Api, Field, Struct
from ..naming import camel, pascal
from .java_file import file
from .java_names import SOURCES, Words, carried, enum_type, is_flags, javadoc, number, plumbing_structs, struct_fields


def java_type(api: Api, field: Field) -> str:
    if field.shape == "int":
        return number(field.ctype)
    if field.shape in ("value", "value_ref", "struct_ref"):
        return pascal(field.of)
    if field.shape == "enum":
        return enum_type(api, field.of)
    return {"bool": "boolean", "double": "double", "status": "int", "text": "String", "bytes": "byte[]", "array": "byte[]"}[field.shape]


def _stored(api: Api, field: Field) -> str:
    """The type in which a field is kept: enums as their number, so that one of a later release is not lost."""
    return "int" if field.shape == "enum" else java_type(api, field)


def _read(api: Api, field: Field) -> str:
    if field.shape == "array":
        return f"reply.raw({field.size})"
    if field.shape == "value":
        return f"{pascal(field.of)}.read(reply)"
    if field.shape in ("value_ref", "struct_ref"):
        return f"reply.bool() ? {pascal(field.of)}.read(reply) : null"
    if field.shape == "int":
        return f"reply.int{'64' if number(field.ctype) == 'long' else '32'}()"
    shapes = {"bool": "bool", "enum": "int32", "status": "int32", "double": "float64", "text": "text", "bytes": "bytes"}
    return f"reply.{shapes[field.shape]}()"


def _getter(api: Api, words: Words, field: Field) -> str:
    name, kind = camel(field.name), java_type(api, field)
    doc = javadoc(words.java(field.doc), 2)
    if field.shape == "enum":
        enum = pascal(field.of)
        make = "set" if is_flags(api, field.of) else "fromCode"
        return (
            f"{doc}  public {kind} {name}() {{\n    return {enum}.{make}({name});\n  }}\n\n"
            f"  /** The number of {{@link #{name}()}}, which may be of a later release. */\n"
            f"  public int {name}Code() {{\n    return {name};\n  }}\n"
        )
    given = f"{name} == null ? null : {name}.clone()" if kind == "byte[]" else name
    return f"{doc}  public {kind} {name}() {{\n    return {given};\n  }}\n"


def _shown(field: Field) -> str:
    """What toString says: of texts and bytes the length alone, so that no log line holds what somebody wrote."""
    name = camel(field.name)
    if field.shape == "enum":
        return f"{name}()"
    if field.shape == "text":
        return f'({name} == null ? "null" : {name}.length() + " characters")'
    if field.shape in ("bytes", "array"):
        return f'({name} == null ? "null" : {name}.length + " bytes")'
    return name


def _to_string(struct: Struct, fields: list[Field]) -> str:
    if not fields:
        return ""
    parts = "\n        + ".join(f'"{", " if number else ""}{camel(it.name)}=" + {_shown(it)}' for number, it in enumerate(fields))
    return f"""
  /** For logs: texts and bytes by their length alone. */
  @Override
  public String toString() {{
    return "{pascal(struct.name)}["
        + {parts}
        + "]";
  }}
"""


def _carried(api: Api, words: Words, struct: Struct) -> str:
    """A result or a view: an immutable copy."""
    name, fields = pascal(struct.name), struct_fields(struct)
    kept = "".join(f"  private final {_stored(api, it)} {camel(it.name)};\n" for it in fields)
    reads = "".join(f"    {camel(it.name)} = {_read(api, it)};\n" for it in fields)
    getters = "\n".join(_getter(api, words, it) for it in fields)
    visible = "" if struct.name in plumbing_structs(api) else "public "
    text = f"""{javadoc(words.java(struct.doc))}{visible}final class {name} {{
{kept}
  private {name}(Unpacker reply) {{
{reads}  }}

  static {name} read(Unpacker reply) {{
    return new {name}(reply);
  }}

{getters}{_to_string(struct, fields)}}}
"""
    return file(text)


def _setter(api: Api, words: Words, struct: Struct, field: Field) -> str:
    name, kind, own = camel(field.name), java_type(api, field), pascal(struct.name)
    doc = javadoc(words.java(field.doc), 2)
    value, given = name, f"{kind} {name}"
    if field.shape == "enum" and is_flags(api, field.of):
        given, value = f"{pascal(field.of)}... {name}", f"{pascal(field.of)}.bits(EnumSet.copyOf(Arrays.asList({name})))"
        value = f"{name}.length == 0 ? 0 : {value}"
    elif field.shape == "enum":
        value = f"{name}.code()"
    elif kind == "byte[]":
        value = f"{name} == null ? null : {name}.clone()"
    elif kind == "long" and field.ctype == "uint32_t":
        value = f'Packer.uint32({name}, "{name}")'
    return f"{doc}  public {own} {name}({given}) {{\n    this.{name} = {value};\n    return this;\n  }}\n"


def _pack(field: Field) -> str:
    name = camel(field.name)
    if field.shape in ("int", "enum", "status"):
        return f"    out.int64({name});\n"
    if field.shape == "text":
        return f'    out.text({name}, "{name}");\n'
    if field.shape == "value_ref":
        return f"    out.bool({name} != null);\n    if ({name} != null) {{\n      out.raw({name}.packed());\n    }}\n"
    if field.shape == "value":
        return f"    out.raw({name}.packed());\n"
    return f"    out.{ {'bool': 'bool', 'double': 'float64', 'bytes': 'bytes', 'array': 'raw'}[field.shape] }({name});\n"


def _demanded(struct: Struct) -> str:
    """Texts and bytes that the library cannot do without."""
    wanted = [it for it in struct_fields(struct) if it.shape in ("text", "value_ref", "value") and not it.nullable]
    return "".join(f'    Objects.requireNonNull({camel(it.name)}, "{camel(it.name)}");\n' for it in wanted)


def _options(api: Api, words: Words, struct: Struct) -> str:
    name, fields = pascal(struct.name), struct_fields(struct)
    kept = "".join(f"  private {_stored(api, it)} {camel(it.name)};\n" for it in fields)
    members = "\n".join(_setter(api, words, struct, it) + "\n" + _getter(api, words, it) for it in fields)
    comes = struct.name in carried(api)
    reads = "".join(f"    it.{camel(it.name)} = {_read(api, it)};\n" for it in fields)
    read = f"""
  static {name} read(Unpacker reply) {{
    {name} it = new {name}();
{reads}    return it;
  }}
"""
    text = f"""{javadoc(words.java(struct.doc))}public final class {name} {{
{kept}
{members}{_to_string(struct, fields)}
  byte[] packed() {{
{_demanded(struct)}    Packer out = new Packer();
{"".join(_pack(it) for it in fields)}    return out.packed();
  }}
{read if comes else ""}}}
"""
    return file(text)


def _value(api: Api, words: Words, struct: Struct) -> str:
    """A frozen struct: immutable, compared by what it holds. One array of bytes is written as hexadecimal digits."""
    name, fields = pascal(struct.name), struct_fields(struct)
    if len(fields) != 1 or fields[0].shape != "array":
        raise Refused(struct.header, f"{struct.name}: a value of other fields than one array has no Java class")
    size = fields[0].size
    text = f"""{javadoc(words.java(struct.doc))}public final class {name} {{
  /** Number of bytes. */
  public static final int SIZE = {size};

  private final byte[] bytes;

  private {name}(byte[] bytes) {{
    this.bytes = bytes;
  }}

  /** From {{@value #SIZE}} bytes. */
  public static {name} of(byte[] bytes) {{
    if (bytes.length != SIZE) {{
      throw new IllegalArgumentException("{name} has " + SIZE + " bytes, not " + bytes.length);
    }}
    return new {name}(bytes.clone());
  }}

  /** From what {{@link #toString()}} gave. */
  public static {name} parse(String digits) {{
    byte[] bytes = new byte[SIZE];
    if (digits.length() != 2 * SIZE) {{
      throw new IllegalArgumentException("{name} is written in " + 2 * SIZE + " digits, not " + digits.length());
    }}
    for (int i = 0; i < SIZE; ++i) {{
      int high = Character.digit(digits.charAt(2 * i), 16);
      int low = Character.digit(digits.charAt(2 * i + 1), 16);
      if (high < 0 || low < 0) {{
        throw new IllegalArgumentException("{name} is written in hexadecimal digits");
      }}
      bytes[i] = (byte) (high << 4 | low);
    }}
    return new {name}(bytes);
  }}

  static {name} read(Unpacker reply) {{
    return new {name}(reply.raw(SIZE));
  }}

  /** A copy of the bytes. */
  public byte[] toBytes() {{
    return bytes.clone();
  }}

  byte[] packed() {{
    return bytes;
  }}

  @Override
  public boolean equals(Object other) {{
    return other instanceof {name} && Arrays.equals(bytes, (({name}) other).bytes);
  }}

  @Override
  public int hashCode() {{
    return Arrays.hashCode(bytes);
  }}

  /** {{@value #SIZE}} bytes in hexadecimal digits. */
  @Override
  public String toString() {{
    StringBuilder digits = new StringBuilder(2 * SIZE);
    for (byte it : bytes) {{
      digits.append(Character.forDigit(it >> 4 & 15, 16)).append(Character.forDigit(it & 15, 16));
    }}
    return digits.toString();
  }}
}}
"""
    return file(text)


def emit(api: Api) -> dict[str, str]:
    words = Words(api)
    makers = {"options": _options, "value": _value, "result": _carried, "view": _carried}
    return {f"{SOURCES}/{pascal(it.name)}.java": makers[it.kind](api, words, it) for it in api.structs}
