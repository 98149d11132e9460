"""The inline definitions of methods and functions, and the structs of several outputs."""

from ..model import Api, Bound, Function, Param
from ..naming import pascal
from .cpp_shapes import Input, gives, inputs, outputs, result_struct, returned
from .cpp_text import listing


def signature(it: Function, *, declared: bool) -> str:
    """As it stands in the class, or before its body."""
    parts = [f"{made.declared} = {made.default}" if declared and made.default else made.declared for made in inputs(it)]
    static = "static " if declared and it.role == "factory" else ""
    scope = f"{pascal(it.owner)}::" if it.owner and not declared else ""
    inline = "" if declared and it.owner else "inline "
    constant = " const" if it.owner and it.role != "factory" else ""
    tail = f"){constant}{';' if declared else ' {'}"
    return listing(f"{inline}{static}{returned(it)} {scope}{it.method}(", parts, tail, 2 if declared and it.owner else 0)


def _passed(it: Function, buffer: list[str]) -> list[str]:
    """The arguments for C, in its order; `buffer` stands for where the library writes to."""
    given = iter(inputs(it))
    results = iter(outputs(it))
    found: list[str] = []
    for param in it.params:
        if param.shape == "self":
            found.append("this->raw()")
        elif param.bound is not None:
            next(results)
            found += buffer
        elif param.shape.startswith("out_") or param.shape == "request_id":
            found.append(next(results).passed)
        elif param.shape not in ("length", "capacity", "written"):
            found += next(given).passed
    return found


def _guard(made: list[Input], refusal: str) -> str:
    sound = [one.sound for one in made if one.sound]
    if not sound:
        return ""
    return f"  if ({' || '.join('!' + one for one in sound)}) return {refusal};\n"


def _ask_bound(api: Api, bound: Bound) -> tuple[str, str]:
    """(statements, expression) of how much room an output needs at most."""
    if bound.constant:
        return "", bound.constant
    if bound.length_of:
        return "", f"{bound.length_of}.size()" + (f" + {bound.plus}" if bound.plus else "")
    asked = api.function(bound.call)
    numbers = [it for it in asked.params if it.shape == "int"]
    sizes = [_cast(f"{it.removesuffix('_len')}.size()", to.ctype) for it, to in zip(bound.arguments, numbers)]
    ctype = asked.params[-1].ctype.removesuffix("*")
    call = listing(f"if (const pawl_status asked_ = {bound.call}(", ["this->raw()", *sizes, "&bound_"], ")) {", 2)
    return f"  {ctype} bound_ = 0;\n{call}    return Error::Last(asked_);\n  }}\n", _cast("bound_", "size_t", ctype)


def _cast(what: str, to: str, of: str = "size_t") -> str:
    return what if to == of else f"static_cast<{to}>({what})"


def _call(api: Api, it: Function) -> str:
    """The statements that set `status_`. Locals end in an underscore, which no parameter does."""
    written: Param | None = next((param for param in it.params if param.bound is not None), None)
    if written is None or written.bound is None:
        return listing(f"const pawl_status status_ = {it.name}(", _passed(it, []), ");", 2)
    ask, bound = _ask_bound(api, written.bound)
    kind, fill = ("char", "FillText") if written.shape == "out_text" else ("uint8_t", "Fill")
    inner = listing(f"return {it.name}(", _passed(it, ["at_", "room_", "size_"]), ");", 4)
    head = [written.name, bound, f"[&]({kind}* at_, size_t room_, size_t* size_) {{"]
    return ask + listing(f"const pawl_status status_ = internal::{fill}(", head, "", 2) + inner + "  });\n"


def _give(it: Function) -> str:
    results = outputs(it)
    if not results:
        return "  return internal::Check(status_);\n"
    if len(results) == 1:
        given = f"  return {returned(it)}({results[0].given});\n"
    else:
        given = listing(f"return {gives(it)}{{", [one.given for one in results], "};", 2)
    return "  if (status_ != PAWL_OK) return Error::Last(status_);\n" + given


def definition(api: Api, it: Function) -> str:
    made = inputs(it)
    before = "".join(f"  {line}\n" for one in made for line in one.before)
    head = signature(it, declared=False) + before
    if it.returns == "status":
        room = "".join(f"  {one.before}\n" for one in outputs(it))
        return head + _guard(made, "internal::NulInText()") + room + _call(api, it) + _give(it) + "}\n"
    tail = ") != 0;" if it.returns == "bool" else ");"
    call = listing(f"{'' if it.returns == 'void' else 'return '}{it.name}(", _passed(it, []), tail, 2)
    return head + _guard(made, "{}") + call + "}\n"


def results_of(it: Function) -> str:
    """struct SessionAcceptResult { … }; or nothing."""
    found = outputs(it)
    if len(found) < 2:
        return ""
    zero = {"bool": " = false", "RequestId": " = 0"}
    members = "".join(f"  {one.ctype} {one.name}{_initial(one.ctype, zero)};\n" for one in found)
    return f"struct {result_struct(it)} {{\n{members}}};\n"


def _initial(ctype: str, zero: dict[str, str]) -> str:
    return zero.get(ctype, " = 0" if ctype in ("double", "size_t") or ctype.endswith("_t") else "")
