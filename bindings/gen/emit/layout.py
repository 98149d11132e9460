"""Assertions that a compiler lays the structs out, and numbers the constants, as the lock says."""

from ..model import Api, Struct
from .text import GENERATED

_PATH = "tests/abi/layout.h"


def _struct(struct: Struct) -> str:
    lines = [f"PAWL_LAYOUT_(sizeof({struct.name}) == {struct.size});"]
    for member in struct.fields:
        lines.append(f"PAWL_LAYOUT_(offsetof({struct.name}, {member.name}) == {member.offset});")
    return "\n".join(lines)


def emit(api: Api) -> dict[str, str]:
    structs = "\n\n".join(_struct(it) for it in api.structs)
    values = [f"PAWL_LAYOUT_({it.name} == {it.value});" for it in api.constants]
    values += [f"PAWL_LAYOUT_({it.name} == {it.value});" for enum in api.enums for it in enum.values]
    text = f"""/* {GENERATED} */
#ifndef PAWL_TESTS_ABI_LAYOUT_H_
#define PAWL_TESTS_ABI_LAYOUT_H_

#include <stddef.h>

#include "pawl/pawl.h"

#if defined(__cplusplus)
#define PAWL_LAYOUT_(what) static_assert(what, #what)
#else
#define PAWL_LAYOUT_(what) _Static_assert(what, #what)
#endif

/* Numbers never change. */
{chr(10).join(values)}

/* Structs, where pointers have 8 bytes. */
#if UINTPTR_MAX == UINT64_MAX
{structs}
#endif

#undef PAWL_LAYOUT_

#endif /* PAWL_TESTS_ABI_LAYOUT_H_ */
"""
    return {_PATH: text}
