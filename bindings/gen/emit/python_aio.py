"""pawl/aio.py: the objects whose calls wait or complete by an event, for asyncio. What drives them is pawl/_pump.py."""

import re

from ..model import Api, Function, Handle, Param
from .python_calls import callable_functions
from .python_modules import PACKAGE, docstring, extension_names
from .python_names import Words, class_name, objects, output_name, outputs
from .python_plan import Plan, output_annotation, plan
from .python_types import enum_names
from .text import banner

# Known by name: the pump does these.
PUMPED = {"pawl_client_wait_events", "pawl_client_event_fd"}
# What pawl/_pump.py has for the classes here.
_PUMP = ["Pump", "Request", "Streaming", "data", "in_executor", "in_own_thread", "nothing"]


def asynchronous(api: Api) -> list[Handle]:
    """The objects that have something to wait for."""
    return [it for it in objects(api) if any(f.blocking or f.completes for f in api.of(it, "method", "factory"))]


def is_streaming(api: Api, handle: Handle) -> bool:
    return any(it.name in PUMPED for it in api.of(handle, "method"))


class _Module:
    def __init__(self, api: Api) -> None:
        self.api = api
        self.words = Words(api)
        self.wrapped = {it.name for it in asynchronous(api)}

    # What a call is given, and what is made of what it gives.

    def _given(self, planned: Plan) -> str:
        """The arguments as they are handed on: by name, objects as the native ones."""
        parts = []
        for it in planned.arguments:
            value = it.name
            if it.taken == "TakeHandle" and it.of in self.wrapped:
                value = f"None if {it.name} is None else {it.name}._native" if it.nullable else f"{it.name}._native"
            parts.append(f"{it.name}={value}" if it.by_name else value)
        return ", ".join(parts)

    def _pump(self, function: Function) -> str:
        """Whose events tell of this function's requests."""
        if function.role != "factory":
            return "self._pump"
        first = next((it for it in function.params if it.shape == "handle" and it.of in self.wrapped), None)
        return f"{first.name}._pump" if first else ""

    def _wrapped(self, param: Param, value: str, pump: str) -> str:
        if param.shape != "out_handle" or param.of not in self.wrapped:
            return value
        handle = self.api.handle(param.of)
        pump = f"Pump({value})" if is_streaming(self.api, handle) else pump or "None"
        return f"{class_name(param.of)}({value}, {pump})"

    def _annotation(self, params: list[Param]) -> str:
        """Of what a function gives besides a request id."""
        found = [self._output_annotation(it) for it in params]
        return "None" if not found else found[0] if len(found) == 1 else f"tuple[{', '.join(found)}]"

    def _output_annotation(self, param: Param) -> str:
        name = output_annotation(self.api, param)
        return name if param.of in self.wrapped else name

    # One method.

    def _immediate(self, planned: Plan, call: str) -> list[str]:
        function = planned.function
        params = outputs(function)
        pump = self._pump(function)
        if len(params) == 1 and params[0].of in self.wrapped:
            if is_streaming(self.api, self.api.handle(params[0].of)):
                return [f"opened = {call}", f"return {self._wrapped(params[0], 'opened', pump)}"]
            return [f"return {self._wrapped(params[0], call, pump)}"]
        return [f"return {call}"]

    def _completing(self, planned: Plan, call: str) -> tuple[str, list[str]]:
        """(annotation, body) of a request that is awaited as a Request."""
        function = planned.function
        pump = self._pump(function)
        others = [it for it in outputs(function) if it.shape != "request_id"]
        given = self._annotation(others)
        result = "bytes" if function.completes == "data" else given
        if not others:
            finish = "data" if function.completes == "data" else "nothing"
            return f"Request[{result}, None]", [f"return Request({pump}, {call}, None, {finish})"]
        values = [self._wrapped(it, f"made.{output_name(it)}", pump) for it in others]
        together = values[0] if len(values) == 1 else f"({', '.join(values)})"
        finish = "data" if function.completes == "data" else "lambda _: given"
        return f"Request[{result}, {given}]", [
            f"made = {call}",
            f"given = {together}",
            f"return Request({pump}, made.request_id, given, {finish})",
        ]

    def _waiting_request(self, planned: Plan, native: str) -> tuple[str, list[str]]:
        """(annotation, body) of a request whose call waits, too."""
        function = planned.function
        if len(outputs(function)) != 1:
            raise AssertionError(f"{function.name} waits, completes and gives more: pawl.aio has no shape for that")
        arguments = ", ".join(part for part in (native, self._given(planned)) if part)
        call = f"await {self._pump(function)}.request({arguments})"
        if function.completes == "data":
            return "bytes", [f"return data({call})"]
        return "None", [call]

    def method(self, function: Function) -> str:
        return self._text(*self.written(function))

    def written(self, function: Function) -> tuple[Plan, str, list[str]]:
        """(plan, annotation, body) of a method."""
        planned = plan(self.api, function)
        owner = f"native.{class_name(function.owner)}" if planned.is_static else "self._native"
        native = f"{owner}.{function.method}"
        call = f"{native}({self._given(planned)})"
        waits = function.blocking
        annotation = self._annotation([it for it in outputs(function)]) if function.returns == "status" else planned.annotation
        if len(outputs(function)) > 1 and not function.completes:
            annotation = f"native.{planned.annotation}"
        if function.completes and waits:
            annotation, body = self._waiting_request(planned, native)
        elif function.completes:
            annotation, body = self._completing(planned, call)
        elif waits:
            arguments = ", ".join(part for part in (native, self._given(planned)) if part)
            body = self._immediate(planned, f"await in_executor({arguments})")
        else:
            body = self._immediate(planned, call)
        return planned, annotation, body

    def _text(self, planned: Plan, annotation: str, body: list[str]) -> str:
        function = planned.function
        head = "    @staticmethod\n" if planned.is_static else ""
        definition = planned.definition("    ", annotation)
        head += (definition.replace("def ", "async def ", 1) if function.blocking else definition) + "\n"
        if annotation == "None":
            body = [line.removeprefix("return ") for line in body]
        return head + docstring(self.words.said(function.doc), 8) + "".join(f"        {line}\n" for line in body)

    # One class.

    def _ending(self, handle: Handle) -> str:
        if is_streaming(self.api, handle) or not handle.close:
            return ""
        function = self.api.function(handle.close)
        call = "await in_own_thread(self._native.close)" if function.blocking else "self._native.close()"
        name = class_name(handle.name)
        return f'''
    async def close(self) -> None:
{docstring(self.words.said(function.doc), 8)}        {call}

    async def __aenter__(self) -> "{name}":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
'''

    def text(self, handle: Handle) -> str:
        name = class_name(handle.name)
        streaming = is_streaming(self.api, handle)
        pump = "Pump" if self._needs_pump(handle) else "None"
        methods = [self.method(it) for it in callable_functions(self.api) if it.owner == handle.name and it.name not in PUMPED]
        base = "(Streaming)" if streaming else ""
        return f'''class {name}{base}:
{docstring(self.words.said(handle.doc))}
    def __init__(self, of: native.{name}, pump: {pump}) -> None:
        self._native = of
        self._pump = pump

{chr(10).join(methods)}{self._ending(handle)}'''

    def _needs_pump(self, handle: Handle) -> bool:
        functions = self.api.of(handle, "method", "factory")
        return is_streaming(self.api, handle) or any(self._pump(it) != "self._pump" and self._pump(it) for it in functions)


def awaited(api: Api, function: Function) -> str:
    """What a method of pawl.aio gives."""
    _, annotation, _ = _Module(api).written(function)
    return f"await → {annotation}" if function.blocking else annotation


def _import(module: str, names: list[str]) -> str:
    return f"from .{module} import {', '.join(names)}\n" if names else ""


def _used(text: str, names: list[str]) -> list[str]:
    """The names that annotations speak of; `native.X` is another X."""
    return [it for it in names if re.search(rf"(?:: |-> |\[|, |\| ){it}\b", text)]


def emit(api: Api) -> dict[str, str]:
    module = _Module(api)
    text = "\n\n".join(module.text(it) for it in asynchronous(api))
    names = ["Request", *(class_name(it.name) for it in asynchronous(api))]
    head = f'''{banner("#")}"""Pawl for asyncio: what waits is awaited, what completes by an event is a Request, `async for event in client` has
the rest. One loop: an object belongs to the one in which its client was opened. Everything else is in `pawl` itself.
"""

from __future__ import annotations

from types import TracebackType

from . import _pawl as native
{_import("_enums", _used(text, enum_names(api)))}{_import("_pawl", _used(text, [it for it in extension_names(api) if it not in names]))}from ._pump import {", ".join(it for it in _PUMP if re.search(rf"[ (]{it}[()[]", text))}
from ._types import BytesLike, StrPath

__all__ = [{", ".join(f'"{it}"' for it in names)}]


'''
    return {f"{PACKAGE}/aio.py": head + text}
