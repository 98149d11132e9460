"""A file of Java: what it imports."""

import re

from .java_names import PACKAGE
from .text import GENERATED

_IMPORTS = [
    "java.nio.ByteBuffer", "java.util.Arrays", "java.util.Collections", "java.util.EnumSet", "java.util.Objects", "java.util.Set",
    "java.util.concurrent.CompletableFuture",
]  # fmt: skip


def file(body: str) -> str:
    """A source file, with the imports that its code, not only a comment, has a use for."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", body, flags=re.DOTALL)
    wanted = sorted(it for it in _IMPORTS if re.search(rf"\b{it.rsplit('.', 1)[1]}\b", code))
    lines = "".join(f"import {it};\n" for it in wanted)
    return f"// {GENERATED}\npackage {PACKAGE};\n\n{lines}{chr(10) if lines else ''}{body}"
