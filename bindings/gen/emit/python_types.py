"""C of the Python extension for its types: method tables, attributes, documentation, and the module itself."""

from ..model import Api, Declaration, Function, Handle, Struct
from .python_c import FOLDER, HEAD, string, wrapper
from .python_calls import callable_functions, parameters
from .python_names import Words, class_name, further_methods, objects, output_name, outputs, qualified, result_name
from .python_plan import MAX_ARGUMENTS, MAX_HELD, plan, shown_fields, shown_options
from .python_records import byte_handles, from_page, from_record, options, pages, shown_records, take_options

_CAST = "(PyCFunction)(void (*)(void))"


def results(api: Api) -> list[tuple[str, str, list[str]]]:
    """(class, documentation, fields) of what several outputs make together."""
    made = []
    for function in callable_functions(api):
        names = [output_name(it) for it in outputs(function)]
        if len(names) > 1:
            made.append((result_name(function), f"What {qualified(function)} gives.", names))
    for page in pages(api):
        if further := further_methods(api, page):
            made.append((class_name(page.name), "", ["items", *(it.method for it in further)]))
    return made


def values(api: Api) -> list[Struct]:
    return [it for it in api.structs if it.kind == "value"]


def type_names(api: Api) -> list[str]:
    named: list[Declaration] = [*objects(api), *shown_records(api), *values(api)]
    return [class_name(it.name) for it in named] + [name for name, _, _ in results(api)]


def enum_names(api: Api) -> list[str]:
    return [class_name(it.name) for it in api.enums]


def header(api: Api) -> str:
    shown = shown_options(api)
    lines = [HEAD + "#ifndef PAWL_PYTHON_GENERATED_H_\n#define PAWL_PYTHON_GENERATED_H_\n", '#include "../runtime.h"\n']
    room = f"kMaxArguments == {MAX_ARGUMENTS} && kMaxHeld == {MAX_HELD}"
    lines += [f'_Static_assert({room}, "the generator counts on it");\n']
    lines += ["/* The classes, and the enums of pawl._enums. */", "extern struct Types {"]
    lines += [f"  PyTypeObject* {name};" for name in type_names(api)] + ["} types;", "extern struct Enums {"]
    lines += [f"  EnumTable {name};" for name in enum_names(api)] + ["} enums;", ""]
    lines += ["/* Arguments into options, and what the library shows into objects; null becomes None. */"]
    lines += [f"{take_options(it)};" for it in options(api)]
    lines += [f"{from_record(it)};" for it in shown_records(api)]
    lines += [f"PyObject* New{class_name(it)}(PyTypeObject* type, PyObject* arguments, PyObject* keywords);" for it in sorted(shown)]
    lines += ["\n/* Bytes and pages, which are released. */"] + [f"{from_page(it)};" for it in [*byte_handles(api), *pages(api)]]
    lines += [""] + [f"void Release{class_name(it.name)}(void* handle);" for it in objects(api)]
    lines += ["\n/* The methods. */"]
    lines += [f"PyObject* {wrapper(qualified(it))}({parameters(plan(api, it))});" for it in callable_functions(api)]
    return "\n".join(lines) + "\n\n#endif /* PAWL_PYTHON_GENERATED_H_ */\n"


def _method(api: Api, words: Words, function: Function) -> str:
    planned = plan(api, function)
    flags = ["METH_FASTCALL", "METH_KEYWORDS"] if planned.arguments else ["METH_NOARGS"]
    flags += ["METH_STATIC"] if function.role == "factory" else []
    own = {"factory": "", "free": "$module"}.get(function.role, "$self")
    signature = ", ".join(part for part in (own + (", /" if own else ""), planned.signature()) if part)
    doc = f"{function.method}({signature})\n--\n\n{words.of(function)}"
    return f'    {{"{function.method}", {_CAST}{wrapper(qualified(function))}, {" | ".join(flags)},\n    {string(doc)}}},\n'


def _ending(handle: Handle) -> str:
    name = class_name(handle.name)
    text = f"void Release{name}(void* handle) {{ {handle.release}(handle); }}\n\n"
    text += f"static void Dealloc{name}(PyObject* self) {{ DeallocObject(self, Release{name}); }}\n\n"
    if handle.close:
        text += f"static void Close{name}(void* handle) {{ {handle.close}(handle); }}\n\n"
        for python, rest in (("close", "PyObject* nothing"), ("exit", "PyObject* arguments")):
            unused = rest.rpartition(" ")[2]
            text += f"static PyObject* {name}_{python}(PyObject* self, {rest}) {{\n  (void){unused};\n"
            text += f"  return CloseObject(self, Close{name});\n}}\n\n"
    return text


def _close_methods(api: Api, words: Words, handle: Handle) -> str:
    if not handle.close:
        return ""
    name = class_name(handle.name)
    doc = words.of(api.function(handle.close))
    close = string(f"close($self, /)\n--\n\n{doc}")
    return (
        f'    {{"close", {name}_close, METH_NOARGS,\n    {close}}},\n'
        f'    {{"__enter__", EnterObject, METH_NOARGS, NULL}},\n    {{"__exit__", {name}_exit, METH_VARARGS, NULL}},\n'
    )


def _object(api: Api, words: Words, handle: Handle) -> str:
    name = class_name(handle.name)
    methods = [it for it in callable_functions(api) if it.owner == handle.name]
    table = "".join(_method(api, words, it) for it in methods) + _close_methods(api, words, handle)
    return f"""{_ending(handle)}static PyMethodDef k{name}Methods[] = {{
{table}    {{NULL, NULL, 0, NULL}},
}};

static PyMemberDef k{name}Members[] = {{
    {{"__weaklistoffset__", T_PYSSIZET, offsetof(Object, weak_references), READONLY, NULL}},
    {{NULL, 0, 0, 0, NULL}},
}};

static PyType_Slot k{name}Slots[] = {{
    {{Py_tp_doc, {string(words.said(handle.doc))}}},
    {{Py_tp_dealloc, Dealloc{name}}},
    {{Py_tp_methods, k{name}Methods}},
    {{Py_tp_members, k{name}Members}},
    {{0, NULL}},
}};

static PyType_Spec k{name}Spec = {{"pawl.{name}", sizeof(Object), 0,
                                  Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, k{name}Slots}};
"""


def _record(words: Words, struct: Struct, can_be_made: bool) -> str:
    name = class_name(struct.name)
    fields = shown_fields(struct)
    members = "".join(
        f'    {{"{it.name}", T_OBJECT_EX, RECORD_FIELD({number}), READONLY,\n     {string(words.said(it.doc))}}},\n'
        for number, it in enumerate(fields)
    )
    made = f"    {{Py_tp_new, New{name}}},\n" if can_be_made else ""
    closed = "" if can_be_made else " | Py_TPFLAGS_DISALLOW_INSTANTIATION"
    return f"""static PyMemberDef k{name}Members[] = {{
{members}    {{NULL, 0, 0, 0, NULL}},
}};

static PyType_Slot k{name}Slots[] = {{
    {{Py_tp_doc, {string(words.said(struct.doc))}}},
    {{Py_tp_dealloc, DeallocRecord}},
    {{Py_tp_repr, ShowRecord}},
    {{Py_tp_richcompare, CompareRecords}},
    {{Py_tp_hash, HashRecord}},
    {{Py_tp_members, k{name}Members}},
{made}    {{0, NULL}},
}};

static PyType_Spec k{name}Spec = {{"pawl.{name}", (int)RECORD_FIELD({len(fields)}), 0, Py_TPFLAGS_DEFAULT{closed}, k{name}Slots}};
"""


def _value(words: Words, struct: Struct) -> str:
    name = class_name(struct.name)
    return f"""static PyObject* New{name}(PyTypeObject* type, PyObject* arguments, PyObject* keywords) {{
  return NewValue(type, arguments, keywords, sizeof({struct.name}));
}}

static PyType_Slot k{name}Slots[] = {{
    {{Py_tp_doc, {string(words.said(struct.doc))}}},
    {{Py_tp_new, New{name}}},
    {{Py_tp_repr, ShowValue}},
    {{Py_tp_str, WriteValue}},
    {{0, NULL}},
}};

static PyType_Spec k{name}Spec = {{"pawl.{name}", 0, 0, Py_TPFLAGS_DEFAULT, k{name}Slots}};
"""


def _result(name: str, doc: str, fields: list[str]) -> str:
    listed = "".join(f'{{"{it}", NULL}}, ' for it in fields)
    return f"""static PyStructSequence_Field k{name}Fields[] = {{{listed}{{NULL, NULL}}}};

static PyStructSequence_Desc k{name}Description = {{"pawl.{name}", {string(doc)}, k{name}Fields, {len(fields)}}};
"""


def objects_file(api: Api) -> str:
    words = Words(api)
    text = HEAD + '#include "types.h"\n\n' + "\n".join(_object(api, words, it) for it in objects(api))
    return text + "\n" + _adder("Objects", [class_name(it.name) for it in objects(api)])


def values_file(api: Api) -> str:
    words = Words(api)
    shown = shown_options(api)
    parts = [_record(words, it, it.name in shown) for it in shown_records(api)]
    parts += [_value(words, it) for it in values(api)]
    parts += [_result(*it) for it in results(api)]
    lines = [f"      (types.{class_name(it.name)} = AddType(module, &k{class_name(it.name)}Spec, NULL)) != NULL" for it in shown_records(api)]
    lines += [
        f"      (types.{class_name(it.name)} = AddType(module, &k{class_name(it.name)}Spec, (PyObject*)&PyBytes_Type)) != NULL"
        for it in values(api)
    ]
    lines += [f"      (types.{name} = AddResultType(module, &k{name}Description)) != NULL" for name, _, _ in results(api)]
    adder = "bool AddValues(PyObject* module) {\n  return\n" + " &&\n".join(lines) + ";\n}\n"
    return HEAD + '#include "types.h"\n\n' + "\n".join(parts) + "\n" + adder


def _adder(what: str, names: list[str]) -> str:
    lines = [f"      (types.{name} = AddType(module, &k{name}Spec, NULL)) != NULL" for name in names]
    return f"bool Add{what}(PyObject* module) {{\n  return\n" + " &&\n".join(lines) + ";\n}\n"


def module_file(api: Api) -> str:
    words = Words(api)
    free = [it for it in callable_functions(api) if it.role == "free"]
    table = "".join(_method(api, words, it) for it in free)
    flags = {it.name for it in api.enums if it.kind == "flags"}
    enums = "".join(
        f'    .{class_name(it.name)} = {{.name = "{class_name(it.name)}", .is_flags = {"true" if it.name in flags else "false"}}},\n'
        for it in api.enums
    )
    loads = " &&\n         ".join(f"LoadEnum(&enums.{name})" for name in enum_names(api))
    return f"""{HEAD}#include "types.h"

struct Types types;

struct Enums enums = {{
{enums}}};

static PyMethodDef kFunctions[] = {{
{table}    {{NULL, NULL, 0, NULL}},
}};

/* The one there is, as long as it is there. */
static PyObject* the_module;

static void Forget(void* module) {{
  (void)module;
  the_module = NULL;
}}

static PyModuleDef kModule = {{.m_base = PyModuleDef_HEAD_INIT, .m_name = "pawl._pawl", .m_methods = kFunctions, .m_free = Forget}};

static bool LoadEnums(void) {{
  return {loads};
}}

/* The extension may run with a newer library of the line that it was made for: of one minor version before 1.0, of one
 * major version later. */
static bool DemandLibrary(void) {{
  const uint32_t line = PAWL_VERSION_MAJOR == 0 ? 1000 : 1000000;
  const uint32_t given = pawl_version();
  if (given >= PAWL_VERSION_NUMBER && given / line == PAWL_VERSION_NUMBER / line) return true;
  PyErr_Format(PyExc_ImportError, "libpawl %s cannot serve this module, which was made for %d.%d.%d",
               pawl_version_string(), PAWL_VERSION_MAJOR, PAWL_VERSION_MINOR, PAWL_VERSION_PATCH);
  return false;
}}

/* Types and enums stand in static variables: they are those of one interpreter. */
static bool DemandMainInterpreter(void) {{
  if (PyInterpreterState_GetID(PyInterpreterState_Get()) == 0) return true;
  PyErr_SetString(PyExc_ImportError, "pawl cannot be used in a subinterpreter");
  return false;
}}

PyMODINIT_FUNC PyInit__pawl(void) {{
  if (!DemandMainInterpreter()) return NULL;
  if (the_module != NULL) return Py_NewRef(the_module);
  PyObject* module = PyModule_Create(&kModule);
  if (module == NULL) return NULL;
  if (DemandLibrary() && LoadErrors() && LoadEnums() && AddValues(module) && AddObjects(module)) {{
    return the_module = module;
  }}
  Py_DECREF(module);
  return NULL;
}}
"""


_TYPES_H = f"""{HEAD}#ifndef PAWL_PYTHON_TYPES_H_
#define PAWL_PYTHON_TYPES_H_

#include "generated.h"

bool AddObjects(PyObject* module);
bool AddValues(PyObject* module);

#endif /* PAWL_PYTHON_TYPES_H_ */
"""


def emit(api: Api) -> dict[str, str]:
    return {
        f"{FOLDER}/generated.h": header(api),
        f"{FOLDER}/types.h": _TYPES_H,
        f"{FOLDER}/objects.c": objects_file(api),
        f"{FOLDER}/values.c": values_file(api),
        f"{FOLDER}/module.c": module_file(api),
    }
