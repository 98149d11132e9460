"""The Python binding: everything that is generated of bindings/python."""

from ..model import Api
from . import python_aio, python_calls, python_modules, python_records, python_stubs, python_types


def emit(api: Api) -> dict[str, str]:
    files: dict[str, str] = {}
    for part in (python_calls, python_records, python_types, python_modules, python_stubs, python_aio):
        files |= part.emit(api)
    return files
