"""C of the Python extension for structs: options are filled from arguments, what the library shows becomes records and lists."""

from ..model import Api, Handle, Struct
from .python_c import FOLDER, HEAD, all_of, from_field, from_integer, take, type_of
from .python_names import PLUMBING, class_name, further_methods
from .python_plan import option_arguments, records, shown_fields, shown_options

OPTIONS, RECORDS, PAGES = "options.c", "records.c", "pages.c"


def shown_records(api: Api) -> list[Struct]:
    return [it for it in records(api) if it.name not in PLUMBING]


def options(api: Api) -> list[Struct]:
    return [it for it in api.structs if it.kind == "options"]


def pages(api: Api) -> list[Handle]:
    return [it for it in api.handles if it.kind == "page"]


def take_options(struct: Struct) -> str:
    return f"bool Take{class_name(struct.name)}(Call* call, int first, {struct.name}* out)"


def from_record(struct: Struct) -> str:
    return f"PyObject* From{class_name(struct.name)}(const {struct.name}* it)"


def from_page(page: Handle) -> str:
    return f"PyObject* From{class_name(page.name)}({page.name}* page)"


def _options(struct: Struct) -> str:
    taken = [take(it, f"first + {number}", f"&out->{it.name}") for number, it in enumerate(option_arguments(struct))]
    return f"{take_options(struct)} {{\n  return {all_of(taken, 9)};\n}}\n"


def _record(api: Api, struct: Struct) -> str:
    name = class_name(struct.name)
    fields = shown_fields(struct)
    names = ", ".join(f'"{it.name}"' for it in fields)
    made = [f"SetField(made, {number}, {from_field(api, it)})" for number, it in enumerate(fields)]
    return f"""static const char* const k{name}Fields[] = {{{names}}};

{from_record(struct)} {{
  if (it == NULL) Py_RETURN_NONE;
  static RecordShape shape = {{NULL, "{name}", k{name}Fields, {len(fields)}}};
  shape.type = {type_of(struct.name)};
  PyObject* made = NewRecord(&shape);
  if (made == NULL) return NULL;
  return Finished(made, {all_of(made, 24)});
}}
"""


def _constructor(struct: Struct) -> str:
    name = class_name(struct.name)
    arguments = option_arguments(struct)
    required = sum(1 << number for number, it in enumerate(arguments) if not it.default)
    return f"""PyObject* New{name}(PyTypeObject* type, PyObject* arguments, PyObject* keywords) {{
  static const Signature kSignature = {{"{name}", k{name}Fields, {len(arguments)}, 0, {required:#x}}};
  Call storage;
  Call* call = &storage;
  {struct.name} value = {{.struct_size = sizeof(value)}};
  PyObject* made = NULL;
  (void)type;
  if (BeginNew(call, &kSignature, arguments, keywords) && Take{name}(call, 0, &value)) {{
    made = From{name}(&value);
  }}
  EndCall(call);
  return made;
}}
"""


def byte_handles(api: Api) -> list[Handle]:
    return [it for it in api.handles if it.kind == "bytes"]


def _bytes(api: Api, handle: Handle) -> str:
    data, size = (api.of(handle, role)[0].name for role in ("data", "size"))
    return f"""{from_page(handle)} {{
  PyObject* bytes = FromBytes({data}(page), {size}(page));
  {handle.release}(page);
  return bytes;
}}
"""


def _page(api: Api, page: Handle) -> str:
    name = class_name(page.name)
    further = [from_integer(it.return_ctype, f"{it.name}(page)") for it in further_methods(api, page)]
    made = f"MakeResult({type_of(page.name)}, {1 + len(further)}, items, {', '.join(further)})" if further else "items"
    return f"""{from_page(page)} {{
  size_t count = {page.name}_count(page);
  PyObject* items = PyList_New((Py_ssize_t)count);
  for (size_t i = 0; items != NULL && i < count; ++i) {{
    PyObject* item = From{class_name(page.item)}({page.name}_at(page, i));
    if (item == NULL || PyList_SetItem(items, (Py_ssize_t)i, item) < 0) Py_CLEAR(items);
  }}
  PyObject* made = {made};
  {page.release}(page);
  return made;
}}
"""


def emit(api: Api) -> dict[str, str]:
    shown = shown_options(api)
    include = HEAD + '#include "generated.h"\n\n'
    structs = [_record(api, it) for it in shown_records(api)]
    structs += [_constructor(it) for it in api.structs if it.name in shown]
    return {
        f"{FOLDER}/{OPTIONS}": include + "\n".join(_options(it) for it in options(api)),
        f"{FOLDER}/{RECORDS}": include + "\n".join(structs),
        f"{FOLDER}/{PAGES}": include + "\n".join([*(_bytes(api, it) for it in byte_handles(api)), *(_page(api, it) for it in pages(api))]),
    }
