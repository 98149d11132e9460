"""The emitters: each takes the model and gives {path below the root of the project: text}."""

from collections.abc import Callable

from ..model import Api
from . import cpp, java, layout, python, reference_c, reference_cpp, reference_java, reference_python, symbols

EMITTERS: list[Callable[[Api], dict[str, str]]] = [
    symbols.emit,
    layout.emit,
    cpp.emit,
    python.emit,
    java.emit,
    reference_c.emit,
    reference_cpp.emit,
    reference_java.emit,
    reference_python.emit,
]


def emit_all(api: Api) -> dict[str, str]:
    """Every generated file."""
    files: dict[str, str] = {}
    for emit in EMITTERS:
        for path, text in emit(api).items():
            if path in files:
                raise AssertionError(f"two emitters write {path}")
            files[path] = text
    return files
