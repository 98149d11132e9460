"""Java's enums, its classes of errors, and what jar and library must agree in."""

from ..model import Api, Enum, EnumValue
from ..naming import pascal
from .java_file import file
from .java_names import SOURCES, Words, exception_base, exception_name, fingerprint, javadoc

# Enums.


def _enum(api: Api, words: Words, enum: Enum) -> str:
    name = pascal(enum.name)
    values = [f"{javadoc(words.java(it.doc), 2)}  {it.short}({it.value})" for it in enum.values]
    if all(it.short != "UNKNOWN" for it in enum.values):
        values.append(f"{javadoc('Of a later release than this one. Never given to the library.', 2)}  UNKNOWN(Integer.MIN_VALUE)")
    body = ",\n".join(values)
    from_code = f"""
  /** The constant with this number, {{@link #UNKNOWN}} where there is none. */
  public static {name} fromCode(int code) {{
    for ({name} it : values()) {{
      if (it.code == code) {{
        return it;
      }}
    }}
    return UNKNOWN;
  }}
"""
    sets = f"""
  static int bits(Set<{name}> flags) {{
    int bits = 0;
    for ({name} it : flags) {{
      bits |= it.code;
    }}
    return bits;
  }}

  static Set<{name}> set(int bits) {{
    Set<{name}> flags = EnumSet.noneOf({name}.class);
    for ({name} it : values()) {{
      if (it != UNKNOWN && (bits & it.code) != 0) {{
        flags.add(it);
      }}
    }}
    return Collections.unmodifiableSet(flags);
  }}
"""
    text = f"""{javadoc(words.java(enum.doc))}public enum {name} {{
{body};

  private final int code;

  {name}(int code) {{
    this.code = code;
  }}

  /** The number in the library. */
  public int code() {{
    return code;
  }}
{sets if enum.kind == "flags" else from_code}}}
"""
    return file(text)


# Errors.


def _errors(api: Api, base: str, words: Words) -> str:
    """PawlException, or a class of ours below one of Java's, with a class in it for each error."""
    theirs = base.removeprefix("Pawl") if base != "PawlException" else "RuntimeException"
    inner = "".join(_error(base, it, words) for it in api.status_enum().values if it.value and exception_base(it) == base)
    what = "An error of the library." if base == "PawlException" else f"An error of the library that Java calls {theirs}."
    text = f"""/** {what} The nested classes name the errors of this release. */
public class {base} extends {theirs} implements PawlFailure {{
  private static final long serialVersionUID = 1;

  private final int code;
  private final boolean retryable;
  private final long retryAfterMs;

  {base}(FailureDetails details) {{
    super(details.message);
    code = details.code;
    retryable = details.retryable;
    retryAfterMs = details.retryAfterMs;
  }}

  @Override
  public final int code() {{
    return code;
  }}

  @Override
  public final StatusCode status() {{
    return StatusCode.fromCode(code);
  }}

  @Override
  public final boolean retryable() {{
    return retryable;
  }}

  @Override
  public final long retryAfterMs() {{
    return retryAfterMs;
  }}
{inner}}}
"""
    return file(text)


def _error(base: str, value: EnumValue, words: Words) -> str:
    name = exception_name(value.short)
    doc = words.java(value.doc) or f"{{@link StatusCode#{value.short}}}."
    return f"""
{javadoc(doc, 2)}  public static final class {name} extends {base} {{
    private static final long serialVersionUID = 1;

    {name}(FailureDetails details) {{
      super(details);
    }}
  }}
"""


def _error_types(api: Api) -> str:
    cases = "".join(
        f"      case {it.value}:\n        return new {exception_base(it)}.{exception_name(it.short)}(details);\n"
        for it in api.status_enum().values
        if it.value
    )
    text = f"""/** The class of each error. */
final class FailureTypes {{
  private FailureTypes() {{}}

  static Throwable make(FailureDetails details) {{
    switch (details.code) {{
{cases}      default:
        return new PawlException(details);
    }}
  }}
}}
"""
    return file(text)


def _agreement(api: Api) -> str:
    text = f"""/** The headers that these classes were made from. */
final class Agreement {{
  static final String VERSION = "{api.version}";
  static final String API = "{api.version} {fingerprint(api)}";

  private Agreement() {{}}
}}
"""
    return file(text)


def emit(api: Api) -> dict[str, str]:
    words = Words(api)
    files = {f"{SOURCES}/Agreement.java": _agreement(api), f"{SOURCES}/FailureTypes.java": _error_types(api)}
    for base in sorted({"PawlException"} | {exception_base(it) for it in api.status_enum().values if it.value}):
        files[f"{SOURCES}/{base}.java"] = _errors(api, base, words)
    for enum in api.enums:
        files[f"{SOURCES}/{pascal(enum.name)}.java"] = _enum(api, words, enum)
    return files
