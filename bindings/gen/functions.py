"""The functions of the headers, each parameter in a shape that can be bound; everything else is refused."""

import re
from collections.abc import Callable

from . import clang_ast as ast
from .clang_ast import Declared, StorageClass, TypeKind
from .errors import Refused
from .model import Bound, Function, Param
from .naming import checked_method, checked_parameter, demand_distinct, noun
from .types import INTEGERS, Types, spelled, take

_FUNCTION_MARKS = {"blocking", "fast", "async", "async:data", "close", "dtor", "bool"}
_RELEASE = r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
# How a function is written; {name} is its own. What else could stand there means something to a compiler alone.
_WRITTEN = r"\s*PAWL_API (const )?\w+( ?\*)? {name}\(([^();\[\]]|\(\"[^\"]*\"\))*\)\s*PAWL_NOEXCEPT(\s+PAWL_[A-Z_]+(\(\"[^\"]*\"\))?)*\s*"
_DIRECT = {"uint32_t", "uint64_t", "int32_t", "int64_t", "size_t"}


class Functions:
    """Reads functions against the types that the headers declare."""

    def __init__(self, types: Types, constants: set[str]) -> None:
        self.types = types
        self.constants = constants

    def read(self, it: Declared) -> Function:
        marks = take(it.marks, _FUNCTION_MARKS, {"since"}, it.where)
        self._demand_plain(it)
        if not re.fullmatch(_RELEASE, marks.get("since", "")):
            raise Refused(it.where, f"{it.name} does not say PAWL_SINCE of a release")
        params = self._params(it)
        returns, return_of = self._returns(it)
        function = Function(
            name=it.name, header=it.header, doc=it.doc, since=marks["since"], owner="", method="", role="",
            returns=returns, return_ctype=spelled(it.cursor.result_type), params=params, return_of=return_of,
            blocking="blocking" in marks, fast="fast" in marks,
            completes={None: "", "": "event"}.get(marks.get("async"), "data"),
        )  # fmt: skip
        self._demand_order(it, function)
        self._place(it, function, marks)
        return function

    def _demand_plain(self, it: Declared) -> None:
        cursor = it.cursor
        if not re.fullmatch(r"pawl(_[a-z0-9]+)+", it.name):
            raise Refused(it.where, f"{it.name!r} is not spelled pawl_<noun>_<verb>")
        if cursor.type.kind != TypeKind.FUNCTIONPROTO or cursor.type.is_function_variadic():
            raise Refused(it.where, f"{it.name} has no prototype, or a variable number of arguments")
        if cursor.storage_class == StorageClass.STATIC or cursor.is_definition():
            raise Refused(it.where, f"{it.name} is defined in the header: there is nothing to export")
        written = re.sub(r"\s+", " ", ast.statement(it.cursor))
        if not {"PAWL_API", "PAWL_NOEXCEPT"} <= set(written.split()):
            raise Refused(it.where, f"{it.name} is not marked PAWL_API and PAWL_NOEXCEPT")
        if not re.fullmatch(_WRITTEN.format(name=it.name), written):
            raise Refused(it.where, f"{it.name} is not written PAWL_API <type> {it.name}(...) PAWL_NOEXCEPT PAWL_<mark>...")

    # Parameters.

    def _params(self, it: Declared) -> list[Param]:
        declared = list(ast.parameters(it))
        params: list[Param] = []
        for number, parameter in enumerate(declared):
            if not parameter.name:
                raise Refused(it.where, f"a parameter of {it.name} has no name")
            checked_parameter(parameter.name, it.where)
            if not parameter.name.islower():
                raise Refused(it.where, f"the parameter {parameter.name} of {it.name} is not spelled in_words")
            following = declared[number + 1] if number + 1 < len(declared) else None
            params.append(self._param(it, parameter, params, following))
        self._demand_bounds(it, params)
        demand_distinct([param.name for param in params], it.name, it.where)
        return params

    def _param(self, it: Declared, parameter: Declared, before: list[Param], following: Declared | None) -> Param:
        ctype = spelled(parameter.cursor.type)
        known = {"nullable", "owned", "bool", "wait"}
        marks = take(parameter.marks, known, {"in_bytes", "out_bytes", "enum_of"}, it.where)
        made = Param(parameter.name, "", ctype, nullable="nullable" in marks, is_wait="wait" in marks)
        for read in (self._partner, self._output, self._input):
            shape = read(it, made, marks, before, following)
            if shape:
                made.shape = shape
                break
        else:
            raise Refused(it.where, f"cannot bind parameter {ctype} {parameter.name} of {it.name}")
        self._demand_marks(it, made, marks)
        return made

    def _partner(self, it: Declared, made: Param, marks: dict[str, str], before: list[Param], _: Declared | None) -> str:
        last = before[-1] if before else None
        if last is None:
            return ""
        if made.ctype == "size_t" and last.shape == "bytes" and made.name == f"{last.name}_len":
            return "length"
        if made.ctype == "size_t" and last.shape in ("out_text", "out_bytes") and made.name == f"{last.name}_cap":
            return "capacity"
        if made.ctype == "size_t*" and last.shape == "capacity" and made.name == before[-2].name + "_len":
            return "written"
        return ""

    def _output(self, it: Declared, made: Param, marks: dict[str, str], _: list[Param], following: Declared | None) -> str:
        if made.ctype in ("uint8_t*", "char*"):
            wanted = following is not None and _is(following, f"{made.name}_cap") and "out_bytes" in marks
            made.bound = self._bound(marks["out_bytes"]) if wanted else None
            return "" if not wanted or made.name != "out" else "out_bytes" if made.ctype == "uint8_t*" else "out_text"
        if not made.name.startswith("out_") or made.ctype.startswith("const "):
            return ""
        target = made.ctype.removesuffix("*")
        if target.removesuffix("*") in self.types.handles and made.ctype.endswith("**") and "owned" in marks:
            made.of = target.removesuffix("*")
            return "out_handle"
        if made.ctype == "uint64_t*" and made.name == "out_request_id":
            return "request_id"
        if marks.keys() & {"bool", "enum_of"}:
            shape, made.of, _unused = self.types.number_shape(target, marks, it.where, made.name)
            return f"out_{shape}"
        if made.ctype.endswith("*") and target in _DIRECT:
            return "out_int"
        if made.ctype == "double*":
            return "out_double"
        struct = self.types.structs.get(target)
        made.of = target if struct else ""
        return {"value": "out_value", "result": "out_result"}.get(struct.kind, "") if struct else ""

    def _input(self, it: Declared, made: Param, marks: dict[str, str], before: list[Param], following: Declared | None) -> str:
        if made.name == "out" or made.name.startswith("out_"):
            return ""
        named = made.ctype.removeprefix("const ").removesuffix("*")
        if named in self.types.handles and made.ctype in (f"{named}*", f"const {named}*"):
            made.of = named
            return "self" if not before else "handle"
        if made.ctype == "const char*":
            return "text"
        if made.ctype == "const uint8_t*":
            made.exact = marks.get("in_bytes", "")
            paired = following is not None and _is(following, f"{made.name}_len")
            return "bytes" if paired and (not made.exact or made.exact in self.constants) else ""
        if made.ctype in ("int32_t", "uint32_t") and marks.keys() & {"bool", "enum_of"}:
            shape, made.of, _unused = self.types.number_shape(made.ctype, marks, it.where, made.name)
            return shape
        if made.ctype in INTEGERS - {"uint8_t"}:
            return "int"
        if made.ctype == "pawl_status":
            return "int"
        if made.ctype == "double":
            return "double"
        struct = self.types.structs.get(named)
        if struct and made.ctype == f"const {named}*" and struct.kind in ("options", "value"):
            made.of = named
            return struct.kind
        return ""

    def _bound(self, text: str) -> Bound:
        if text in self.constants:
            return Bound(constant=text)
        if match := re.fullmatch(r"([a-z_]+)_len(?: \+ (\d+))?", text):
            return Bound(length_of=match[1], plus=int(match[2] or 0))
        if match := re.fullmatch(r"call:(pawl_\w+)\(([a-z_, ]*)\)", text):
            return Bound(call=match[1], arguments=[it.strip() for it in match[2].split(",") if it.strip()])
        return Bound()

    def _demand_bounds(self, it: Declared, params: list[Param]) -> None:
        shapes = [param.shape for param in params]
        for number, param in enumerate(params):
            if param.bound is None:
                continue
            names = {other.name for other in params if other.shape == "bytes"}
            lengths = {f"{name}_len" for name in names}
            bound = param.bound
            if shapes[number + 1 : number + 3] != ["capacity", "written"]:
                raise Refused(it.where, f"{param.name} of {it.name} lacks {param.name}_cap and {param.name}_len after it")
            known = bound.constant or bound.length_of in names or (bound.call and set(bound.arguments) <= lengths)
            if not known:
                raise Refused(it.where, f"the size of {param.name} of {it.name} names nothing that is known")

    def _demand_marks(self, it: Declared, made: Param, marks: dict[str, str]) -> None:
        fits: dict[str, Callable[[], bool]] = {
            "nullable": lambda: made.ctype.endswith("*") and made.shape not in ("self", "out_text", "out_bytes", "written"),
            "owned": lambda: made.shape == "out_handle",
            "wait": lambda: made.shape == "int" and made.ctype == "int32_t",
            "in_bytes": lambda: made.shape == "bytes",
            "out_bytes": lambda: made.shape in ("out_text", "out_bytes"),
            "bool": lambda: made.shape in ("bool", "out_bool"),
            "enum_of": lambda: made.shape in ("enum", "out_enum"),
        }
        for mark in marks:
            if not fits[mark]():
                raise Refused(it.where, f"{mark} means nothing at {made.ctype} {made.name} of {it.name}")

    # What is returned, in which order things stand, and whose method it is.

    def _returns(self, it: Declared) -> tuple[str, str]:
        ctype = spelled(it.cursor.result_type)
        plain = {"pawl_status": "status", "void": "void", "double": "double", "const char*": "text", "const uint8_t*": "bytes"}
        if ctype in plain:
            return plain[ctype], ""
        if ctype == "int32_t" and "bool" in it.marks:
            return "bool", ""
        if ctype in _DIRECT:
            return "int", ""
        named = ctype.removeprefix("const ").removesuffix("*")
        if ctype == f"const {named}*" and named in self.types.structs and self.types.structs[named].kind == "view":
            return "view", named
        raise Refused(it.where, f"{it.name} returns {ctype}, which cannot be bound")

    def _demand_order(self, it: Declared, made: Function) -> None:
        outputs = [param.shape.startswith("out_") or param.shape in ("capacity", "written", "request_id") for param in made.params]
        if outputs != sorted(outputs):
            raise Refused(it.where, f"an input of {it.name} stands after an output")
        if any(outputs) and made.returns != "status":
            raise Refused(it.where, f"{it.name} has outputs but returns no pawl_status")
        if sum(param.bound is not None for param in made.params) > 1:
            raise Refused(it.where, f"{it.name} has two buffers to write to")
        if ("request_id" in [param.shape for param in made.params]) != bool(made.completes):
            raise Refused(it.where, f"{it.name}: PAWL_ASYNC and uint64_t* out_request_id go together")
        if sum(param.shape == "out_handle" for param in made.params) > 1:
            raise Refused(it.where, f"{it.name} gives two objects")
        if sum(param.is_wait for param in made.params) > made.blocking:
            raise Refused(it.where, f"{it.name}: PAWL_WAIT marks the one time of a function that is PAWL_BLOCKING")
        if made.fast and (made.blocking or made.completes):
            raise Refused(it.where, f"{it.name} cannot be fast and wait")
        if "bool" in it.marks and made.returns != "bool":
            raise Refused(it.where, f"{it.name} returns {made.return_ctype}: PAWL_BOOL marks an int32_t")
        if made.returns == "int" and re.search(r"_(is|has|can)_", it.name):
            raise Refused(it.where, f"{it.name} asks a question, but returns {made.return_ctype} without PAWL_BOOL")

    def _place(self, it: Declared, made: Function, marks: dict[str, str]) -> None:
        own = next((param.of for param in made.params if param.shape == "self"), "")
        given = next((param.of for param in made.params if param.shape == "out_handle"), "")
        ends = "close" if "close" in marks else "release" if "dtor" in marks else ""
        if ends:
            alone = len(made.params) == 1 and own and made.returns == "void"
            if not alone or made.name != f"{own}_{ends}" or {"close", "dtor"} <= marks.keys():
                raise Refused(it.where, f"{it.name} does not look like void {own or 'pawl_<noun>'}_{ends}(handle)")
        elif made.returns == "void":
            raise Refused(it.where, f"{it.name} returns nothing: it could not say that it failed")
        elif own and made.name in (f"{own}_close", f"{own}_release"):
            raise Refused(it.where, f"{it.name} is not marked PAWL_CLOSE or PAWL_DTOR")
        if given and made.name.startswith(f"{given}_") and own != given:
            made.owner, made.role = given, "factory"
            for param in made.params:
                param.shape = "handle" if param.shape == "self" else param.shape
        elif own:
            made.owner, made.role = own, ends or "method"
        else:
            made.role = "free"
        prefix = f"{made.owner}_" if made.owner and made.name.startswith(f"{made.owner}_") else "pawl_"
        made.method = checked_method(made.name.removeprefix(prefix), it.where)


def settle_pages(types: Types, functions: list[Function]) -> dict[str, tuple[str, str]]:
    """Finds count and at, data and size; {handle: (kind, item)}. What returns bytes or a view must be one of them."""
    kinds = {}
    by_name = {it.name: it for it in functions}
    for handle in types.handles:
        count, at = by_name.get(f"{handle}_count"), by_name.get(f"{handle}_at")
        data, size = by_name.get(f"{handle}_data"), by_name.get(f"{handle}_size")
        kind, item = "object", ""
        if count and at and _is_count(count) and at.returns == "view" and _shapes(at) == ["self", "int"]:
            kind, item = "page", at.return_of
            count.role, at.role = "count", "at"
        elif data and size and _is_count(size) and data.returns == "bytes" and _shapes(data) == ["self"]:
            kind = "bytes"
            data.role, size.role = "data", "size"
        kinds[handle] = (kind, item)
    for it in functions:
        if (it.returns == "view" and it.role != "at") or (it.returns == "bytes" and it.role != "data"):
            raise Refused(it.header, f"{it.name} returns memory of an object that is neither a page nor bytes")
    return kinds


def _is_count(it: Function) -> bool:
    return it.return_ctype == "size_t" and _shapes(it) == ["self"]


def _shapes(it: Function) -> list[str]:
    return [param.shape for param in it.params]


def _is(it: Declared, name: str) -> bool:
    return it.name == name and spelled(it.cursor.type) == "size_t"


def end_of(handle: str, functions: list[Function]) -> tuple[str, str]:
    """(release, close or "") of a handle; a handle without a release is refused."""
    release = next((it.name for it in functions if it.owner == handle and it.role == "release"), "")
    close = next((it.name for it in functions if it.owner == handle and it.role == "close"), "")
    if not release:
        raise Refused(handle, f"there is no {handle}_release marked PAWL_DTOR", f"noun: {noun(handle)}")
    return release, close
