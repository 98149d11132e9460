"""_pawl.pyi: what the Python extension has, in types."""

from ..model import Api, Function, Handle, Struct
from .python_calls import callable_functions
from .python_modules import PACKAGE, docstring
from .python_names import Words, class_name, further_methods, objects, output_name, outputs, result_name
from .python_plan import field_annotation, option_arguments, output_annotation, plan, shown_fields, shown_options
from .python_records import pages, shown_records
from .python_types import enum_names, values
from .text import banner


def _head(api: Api) -> str:
    imported = ", ".join(sorted(enum_names(api)))
    return f"""{banner("#")}from types import TracebackType
from typing import final

from ._enums import {imported}
from ._types import BytesLike, StrPath

"""


def function(api: Api, words: Words, it: Function, indent: str) -> str:
    planned = plan(api, it)
    mark = f"{indent}@staticmethod\n" if it.role == "factory" else ""
    doc = docstring(words.of(it), len(indent) + 4)
    return f"{mark}{planned.definition(indent)}\n{doc or indent + '    ...' + chr(10)}"


def _object(api: Api, words: Words, handle: Handle) -> str:
    name = class_name(handle.name)
    text = f"@final\nclass {name}:\n{docstring(words.said(handle.doc))}"
    text += "".join(function(api, words, it, "    ") for it in callable_functions(api) if it.owner == handle.name)
    if handle.close:
        doc = docstring(words.of(api.function(handle.close)), 8)
        text += f"    def close(self) -> None:\n{doc or '        ...' + chr(10)}"
        text += f"    def __enter__(self) -> {name}: ...\n"
        text += "    def __exit__(\n        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None\n"
        text += "    ) -> None: ...\n"
    return text


def _property(name: str, annotation: str, doc: str) -> str:
    text = docstring(doc, 8)
    return f"    @property\n    def {name}(self) -> {annotation}:" + (f"\n{text}" if text else " ...\n")


def _record(words: Words, struct: Struct, can_be_made: bool) -> str:
    text = f"@final\nclass {class_name(struct.name)}:\n{docstring(words.said(struct.doc))}"
    if can_be_made:
        params = ", ".join(it.typed() for it in option_arguments(struct))
        text += f"    def __new__(cls, *, {params}) -> {class_name(struct.name)}: ...\n"
    return text + "".join(_property(it.name, field_annotation(it), words.said(it.doc)) for it in shown_fields(struct))


def _result(name: str, doc: str, fields: list[tuple[str, str]]) -> str:
    inner = ", ".join(annotation for _, annotation in fields)
    text = f"@final\nclass {name}(tuple[{inner}]):\n{docstring(doc)}"
    return text + "".join(_property(field, annotation, "") for field, annotation in fields)


def _results(api: Api) -> list[str]:
    made = []
    for it in callable_functions(api):
        fields = [(output_name(param), output_annotation(api, param)) for param in outputs(it)]
        if len(fields) > 1:
            made.append(_result(result_name(it), f"What {class_name(it.owner)}.{it.method} gives.", fields))
    for page in pages(api):
        if further := further_methods(api, page):
            fields = [("items", f"list[{class_name(page.item)}]"), *((it.method, "int") for it in further)]
            made.append(_result(class_name(page.name), "", fields))
    return made


def emit(api: Api) -> dict[str, str]:
    words = Words(api)
    shown = shown_options(api)
    parts = [
        f"@final\nclass {class_name(it.name)}(bytes):\n{docstring(words.said(it.doc)) or '    ...' + chr(10)}" for it in values(api)
    ]
    parts += [_record(words, it, it.name in shown) for it in shown_records(api)] + _results(api)
    parts += [_object(api, words, it) for it in objects(api)]
    parts += [function(api, words, it, "") for it in callable_functions(api) if it.role == "free"]
    return {f"{PACKAGE}/_pawl.pyi": _head(api) + "\n".join(parts)}
