"""From the annotated headers to the model."""

from pathlib import Path

from . import clang_ast as ast, starts
from .errors import Refused
from .functions import Functions, end_of, settle_pages
from .model import Api, Function
from .naming import demand_distinct, demand_no_member
from .types import Types, constants


def _version(values: dict[str, int]) -> str:
    parts = [f"PAWL_VERSION_{part}" for part in ("MAJOR", "MINOR", "PATCH")]
    if missing := [part for part in parts if part not in values]:
        raise Refused("the headers", f"there is no {missing[0]}")
    return ".".join(str(values[part]) for part in parts)


def read(header: Path, include: Path) -> Api:
    """The model of everything that `header` includes from below `include`."""
    found = ast.read(header, include)
    if found.variables:
        raise Refused(found.variables[0].where, f"{found.variables[0].name or 'a union'} cannot be bound")
    types = Types(found)
    numbers = constants(found, starts.macros(found, types.kinds), lambda names: ast.evaluate(names, header, include))
    version = _version({it.name: it.value for it in numbers})
    reader = Functions(types, {it.name for it in numbers})
    functions = [reader.read(it) for it in found.functions]
    _demand_released(functions, version)
    _demand_calls(functions)
    kinds = settle_pages(types, functions)
    for it in functions:
        if it.role in ("method", "factory", "free"):
            demand_no_member(it.method, kinds[it.owner][0] if it.owner else "", it.header)
    handles = [types.handle(name, *end_of(name, functions), *kinds[name]) for name in types.handles]
    _demand_distinct(functions)
    demand_distinct([*types.handles, *types.enums, *types.structs, *types.callbacks], "the headers", header.name)
    values = [value.name for enum in types.enums.values() for value in enum.values]
    demand_distinct([it.name for it in numbers] + values, "the headers", header.name)
    starts.settle(found, types.structs)
    return Api(
        version=version,
        constants=[it for it in numbers if not it.name.startswith("PAWL_VERSION_")],
        enums=list(types.enums.values()),
        callbacks=list(types.callbacks.values()),
        structs=list(types.structs.values()),
        handles=handles,
        functions=functions,
    )


def _demand_released(functions: list[Function], version: str) -> None:
    """The version script has a node per release, and none of a release to come."""
    now = [int(part) for part in version.split(".")[:2]]
    for it in functions:
        if [int(part) for part in it.since.split(".")] > now:
            raise Refused(it.header, f"{it.name} is PAWL_SINCE {it.since}, but this is {version}")


def _demand_calls(functions: list[Function]) -> None:
    """A size that a call tells is told by a method of the same object: (self, size_t, size_t* out)."""
    by_name = {it.name: it for it in functions}
    for it in functions:
        for param in it.params:
            if param.bound is None or not param.bound.call:
                continue
            asked = by_name.get(param.bound.call)
            shapes = [p.shape for p in asked.params] if asked else []
            wanted = ["self", *["int"] * len(param.bound.arguments), "out_int"]
            if asked is None or shapes != wanted or asked.owner != it.owner or it.role != "method":
                raise Refused(it.header, f"{param.bound.call} does not tell the size that {it.name} needs")


def _demand_distinct(functions: list[Function]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for it in functions:
        key = (it.owner, it.method.replace("_", ""))
        if key in seen:
            raise Refused(it.header, f"{it.name} and {seen[key]} would be the same method")
        seen[key] = it.name
