"""The C functions behind the methods of the Python extension, one file for each header."""

from ..model import Api, Bound, Function, Param
from ..naming import pascal
from .python_c import FOLDER, HEAD, all_of, from_output, from_returned, take, type_of, wrapper
from .python_names import exposed, outputs, qualified
from .python_plan import Plan, plan, shown_options
from .text import indented

_FASTCALL = "PyObject* self, PyObject* const* arguments, Py_ssize_t count, PyObject* names"
_NOARGS = "PyObject* self, PyObject* nothing"
_ENDS = {"close", "release"}


def parameters(planned: Plan) -> str:
    return _FASTCALL if planned.arguments else _NOARGS


def _signature(planned: Plan) -> list[str]:
    names = ", ".join(f'"{it.name}"' for it in planned.arguments)
    positional = sum(not it.by_name for it in planned.arguments)
    required = sum(1 << number for number, it in enumerate(planned.arguments) if not it.default)
    return [
        f"static const char* const kParameters[] = {{{names}}};",
        f'static const Signature kSignature = {{"{qualified(planned.function)}", kParameters, '
        f"{len(planned.arguments)}, {positional}, {required:#x}}};",
    ]


class _Call:
    """One function being written."""

    def __init__(self, api: Api, function: Function) -> None:
        self.api = api
        self.function = function
        self.plan = plan(api, function)
        self.outputs = outputs(function)
        self.buffer = next((it for it in function.params if it.shape in ("out_text", "out_bytes")), None)
        self.shown = shown_options(api)

    def _at(self, name: str) -> int:
        return next(number for number, it in enumerate(self.plan.arguments) if it.name == name)

    def _is_record(self, param: Param) -> bool:
        return param.shape == "options" and param.of in self.shown

    # What is declared, taken and given to C for each parameter.

    def declared(self, param: Param) -> list[str]:
        name = f"in_{param.name}"
        if param.shape == "options":
            return [f"{param.of} {name} = {{.struct_size = sizeof({name})}};"]
        if param.shape in ("text", "bytes", "value", "handle"):
            ctype = param.ctype
            return [f"{ctype} {name} = NULL;"] + ([f"size_t {name}_len = 0;"] if param.shape == "bytes" else [])
        if param.shape in ("int", "enum", "bool", "double"):
            return [f"{param.ctype} {name} = 0;"]
        if param.shape.startswith("out_") and param is not self.buffer or param.shape == "request_id":
            ctype = param.ctype.removesuffix("*")
            start = "NULL" if param.shape == "out_handle" else "{0}" if param.shape == "out_value" else "0"
            start = f"{{.struct_size = sizeof({param.name})}}" if param.shape == "out_result" else start
            return [f"{ctype} {param.name} = {start};"]
        return []

    def taken(self, param: Param) -> list[str]:
        name = f"in_{param.name}"
        if self._is_record(param):
            first = len(self.plan.arguments)
            at = self._at(param.name)
            nullable = "true" if param.nullable else "false"
            return [
                f"SpreadRecord(call, {at}, {nullable}, {type_of(param.of)}, {first})",
                f"Take{pascal(param.of)}(call, {first}, &{name})",
            ]
        if param.shape == "options":
            first = next(number for number, it in enumerate(self.plan.arguments) if it.by_name)
            return [f"Take{pascal(param.of)}(call, {first}, &{name})"]
        if param.shape in ("text", "bytes", "value", "handle", "int", "enum", "bool", "double"):
            at = self._at(param.name)
            return [take(self.plan.arguments[at], str(at), f"&{name}")]
        return []

    def passed(self, param: Param) -> str:
        if param.shape == "self":
            return "HANDLE_OF(self)"
        if param.shape == "length":
            return f"in_{param.name}"
        if param.is_wait:
            return "wait.piece_ms"
        if param.shape == "options":
            absent = self._is_record(param) and param.nullable
            at = self._at(param.name) if absent else 0
            given = f"call->given[{at}]"
            return f"{given} == NULL || {given} == Py_None ? NULL : &in_{param.name}" if absent else f"&in_{param.name}"
        special = {"capacity": "output.capacity", "written": "&output.written"}
        if param.shape in special:
            return special[param.shape]
        if param is self.buffer:
            return "(char*)output.data" if param.shape == "out_text" else "output.data"
        return f"&{param.name}" if param in self.outputs else f"in_{param.name}"

    # The call itself.

    def _invocation(self) -> str:
        return f"{self.function.name}({', '.join(self.passed(it) for it in self.function.params)})"

    def _called(self) -> list[str]:
        takes_bytes = any(it.shape == "bytes" for it in self.function.params)
        may_wait = self.function.blocking or self._reads_a_store()
        if self.function.fast or not (takes_bytes or may_wait):
            return [f"status = {self._invocation()};"]
        let_go = [
            f"PyThreadState* thread = {'PyEval_SaveThread()' if may_wait else 'LetGo(call)'};",
            f"status = {self._invocation()};",
            f"{'PyEval_RestoreThread' if may_wait else 'TakeBack'}(thread);",
        ]
        time = next((it for it in self.function.params if it.is_wait), None)
        if time is None:
            return let_go
        again = ["do {", *(f"  {line}" for line in let_go), "} while (WaitOn(&wait, status));"]
        return ["Wait wait;", f"BeginWait(&wait, in_{time.name});", *again]

    def _reads_a_store(self) -> bool:
        """What an object that has a thread of its own is asked for at once: while its key changes that may take a second."""
        function = self.function
        has_thread = any(it.blocking or it.completes for it in self.api.functions if it.owner == function.owner)
        return function.role == "method" and has_thread and not function.completes and bool(self.outputs)

    def _made(self) -> str:
        made = [from_output(self.api, it) for it in self.outputs]
        if not made:
            return "Py_NewRef(Py_None)"
        if len(made) == 1:
            return made[0]
        return f"MakeResult(types.{self.plan.annotation}, {len(made)}, {', '.join(made)})"

    def _bound(self, bound: Bound) -> list[str]:
        """size_t bound: how much room the output needs."""
        if bound.constant:
            return [f"size_t bound = {bound.constant};"]
        if bound.length_of:
            return [f"size_t bound = in_{bound.length_of}_len + {bound.plus};"]
        arguments = "".join(f"in_{it}, " for it in bound.arguments)
        return ["size_t bound = 0;", f"status = {bound.call}(HANDLE_OF(self), {arguments}&bound);"]

    def _filled(self) -> list[str]:
        """The call with a buffer to write to, again when that was too small."""
        assert self.buffer is not None and self.buffer.bound is not None
        bound = self.buffer.bound
        exact = "true" if bound.call and self.buffer.shape == "out_bytes" else "false"
        lines = [
            "Output output;",
            "pawl_status status = PAWL_OK;",
            *self._bound(bound),
            f"BeginOutput(&output, bound, {exact});",
            "bool again = status == PAWL_OK;",
            "while (again) {",
            "  status = PAWL_E_OUT_OF_MEMORY;",
            "  if (!MakeRoom(&output)) break;",
            *(f"  {line}" for line in self._called()),
            "  again = WasTooSmall(&output, status);",
            "}",
            f"made = status == PAWL_OK ? {self._made()} : RaiseStatus(status);",
            "EndOutput(&output);",
        ]
        return lines

    def _body(self) -> list[str]:
        if self.function.returns != "status":
            return [f"made = {from_returned(self.function.returns, self.function.return_ctype, self._invocation())};"]
        if self.buffer is not None:
            return self._filled()
        return [
            "pawl_status status;",
            *self._called(),
            f"made = status == PAWL_OK ? {self._made()} : RaiseStatus(status);",
        ]

    def text(self) -> str:
        params = self.function.params
        planned = self.plan
        begin = "BeginCall(call, &kSignature, arguments, count, names)"
        conditions = [begin] if planned.arguments else []
        conditions += [line for it in params for line in self.taken(it)]
        lines = _signature(planned) if planned.arguments else []
        lines += ["Call storage;", "Call* call = &storage;"] if planned.arguments else []
        lines += [line for it in params for line in self.declared(it)]
        lines += ["PyObject* made = NULL;"]
        if planned.arguments:
            lines += [f"if ({all_of(conditions, 4)}) {{", *(f"  {it}" for it in self._body()), "}", "EndCall(call);"]
        else:
            lines += ["(void)nothing;"] + (["(void)self;"] if planned.is_static else [])
            lines += self._body()
        lines += ["return made;"]
        if planned.arguments and planned.is_static:
            lines.insert(0, "(void)self;")
        head = f"PyObject* {wrapper(qualified(self.function))}({parameters(planned)}) {{\n"
        return head + indented("\n".join(lines), 2) + "\n}\n"


def callable_functions(api: Api) -> list[Function]:
    return [it for it in exposed(api) if it.role not in _ENDS]


def emit(api: Api) -> dict[str, str]:
    by_header: dict[str, list[str]] = {}
    for function in callable_functions(api):
        by_header.setdefault(function.header, []).append(_Call(api, function).text())
    files = {}
    for header, functions in by_header.items():
        stem = header.rpartition("/")[2].removesuffix(".h")
        files[f"{FOLDER}/{stem}.c"] = HEAD + '#include "generated.h"\n\n' + "\n".join(functions)
    return files
