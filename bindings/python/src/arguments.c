#include <string.h>

#include "runtime.h"

static void Reset(Call* call, const Signature* signature) {
  call->signature = signature;
  call->view_count = 0;
  call->object_count = 0;
  call->bytes = 0;
  memset(call->given, 0, sizeof(call->given));
}

static int IndexOf(const Signature* signature, PyObject* name) {
  for (int i = 0; i < signature->count; ++i) {
    if (PyUnicode_CompareWithASCIIString(name, signature->parameters[i]) == 0) return i;
  }
  return -1;
}

static bool TakeNamed(Call* call, PyObject* name, PyObject* value) {
  const Signature* signature = call->signature;
  int at = PyUnicode_Check(name) ? IndexOf(signature, name) : -1;
  if (at < 0) {
    PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%S'", signature->name,
                 name);
    return false;
  }
  if (call->given[at] != NULL) {
    PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%s'", signature->name,
                 signature->parameters[at]);
    return false;
  }
  call->given[at] = value;
  return true;
}

static bool DemandFewEnough(const Signature* signature, Py_ssize_t positional) {
  if (positional <= signature->positional) return true;
  PyErr_Format(PyExc_TypeError, "%s() takes at most %d positional argument%s (%zd given)",
               signature->name, signature->positional, signature->positional == 1 ? "" : "s",
               positional);
  return false;
}

static bool DemandRequired(const Call* call) {
  const Signature* signature = call->signature;
  for (int i = 0; i < signature->count; ++i) {
    if (call->given[i] != NULL || !(signature->required >> i & 1)) continue;
    PyErr_Format(PyExc_TypeError, "%s() is missing the argument '%s'", signature->name,
                 signature->parameters[i]);
    return false;
  }
  return true;
}

bool BeginCall(Call* call, const Signature* signature, PyObject* const* arguments,
               Py_ssize_t positional, PyObject* names) {
  Reset(call, signature);
  if (!DemandFewEnough(signature, positional)) return false;
  for (Py_ssize_t i = 0; i < positional; ++i) call->given[i] = arguments[i];
  Py_ssize_t named = names == NULL ? 0 : PyTuple_Size(names);
  for (Py_ssize_t i = 0; i < named; ++i) {
    if (!TakeNamed(call, PyTuple_GetItem(names, i), arguments[positional + i])) return false;
  }
  return DemandRequired(call);
}

bool BeginNew(Call* call, const Signature* signature, PyObject* arguments, PyObject* keywords) {
  Reset(call, signature);
  Py_ssize_t positional = PyTuple_Size(arguments);
  if (!DemandFewEnough(signature, positional)) return false;
  for (Py_ssize_t i = 0; i < positional; ++i) call->given[i] = PyTuple_GetItem(arguments, i);
  PyObject* name;
  PyObject* value;
  Py_ssize_t place = 0;
  while (keywords != NULL && PyDict_Next(keywords, &place, &name, &value)) {
    if (!TakeNamed(call, name, value)) return false;
  }
  return DemandRequired(call);
}

void EndCall(Call* call) {
  while (call->view_count > 0) PyBuffer_Release(&call->views[--call->view_count]);
  while (call->object_count > 0) Py_DECREF(call->objects[--call->object_count]);
}

/* The parameter's name; a field of a record that was spread has none of its own. */
static const char* NameOf(const Call* call, int at) {
  return at < call->signature->count ? call->signature->parameters[at] : "field";
}

static bool Refuse(const Call* call, int at, const char* wanted) {
  PyErr_Format(PyExc_TypeError, "%s(): %s must be %s, not %R", call->signature->name,
               NameOf(call, at), wanted, (PyObject*)Py_TYPE(call->given[at]));
  return false;
}

static bool IsAbsent(const Call* call, int at, bool nullable) {
  return call->given[at] == NULL || (nullable && call->given[at] == Py_None);
}

/* The UTF-8 of a str lives as long as the str does. */
static bool TakeUtf8(Call* call, int at, PyObject* text, const char** out) {
  Py_ssize_t size;
  const char* utf8 = PyUnicode_AsUTF8AndSize(text, &size);
  if (utf8 == NULL) return false;
  if (strlen(utf8) != (size_t)size) {
    PyErr_Format(PyExc_ValueError, "%s(): %s has a null character in it", call->signature->name,
                 NameOf(call, at));
    return false;
  }
  *out = utf8;
  return true;
}

bool TakeText(Call* call, int at, bool nullable, const char** out) {
  if (IsAbsent(call, at, nullable)) return true;
  if (!PyUnicode_Check(call->given[at])) return Refuse(call, at, nullable ? "str or None" : "str");
  return TakeUtf8(call, at, call->given[at], out);
}

bool TakePath(Call* call, int at, bool nullable, const char** out) {
  if (IsAbsent(call, at, nullable)) return true;
  if (PyUnicode_Check(call->given[at])) return TakeUtf8(call, at, call->given[at], out);
  const char* wanted = nullable ? "str, os.PathLike[str] or None" : "str or os.PathLike[str]";
  if (!PyObject_HasAttrString((PyObject*)Py_TYPE(call->given[at]), "__fspath__")) {
    return Refuse(call, at, wanted);
  }
  PyObject* path = PyOS_FSPath(call->given[at]);
  if (path == NULL) return false;
  call->objects[call->object_count++] = path;
  if (!PyUnicode_Check(path)) return Refuse(call, at, wanted);
  return TakeUtf8(call, at, path, out);
}

bool TakeBytes(Call* call, int at, bool nullable, const uint8_t** out, size_t* out_len) {
  if (IsAbsent(call, at, nullable)) return true;
  Py_buffer* view = &call->views[call->view_count];
  if (!PyObject_CheckBuffer(call->given[at])) {
    return Refuse(call, at, nullable ? "bytes-like or None" : "bytes-like");
  }
  if (PyObject_GetBuffer(call->given[at], view, PyBUF_SIMPLE) < 0) return false;
  call->view_count++;
  call->bytes += (size_t)view->len;
  *out = view->buf;
  *out_len = (size_t)view->len;
  return true;
}

bool TakeValue(Call* call, int at, bool nullable, size_t size, void* out) {
  const uint8_t* data = NULL;
  size_t length = 0;
  if (IsAbsent(call, at, nullable)) return true;
  if (!TakeBytes(call, at, nullable, &data, &length)) return false;
  if (length != size) {
    PyErr_Format(PyExc_ValueError, "%s(): %s must have %zu bytes, not %zu", call->signature->name,
                 NameOf(call, at), size, length);
    return false;
  }
  memcpy(out, &data, sizeof(data));
  return true;
}

bool TakeArray(Call* call, int at, size_t size, void* out) {
  const uint8_t* data = NULL;
  if (!TakeValue(call, at, true, size, &data)) return false;
  if (data != NULL) memcpy(out, data, size);
  return true;
}

static bool OutOfRange(const Call* call, int at) {
  PyErr_Format(PyExc_OverflowError, "%s(): %s is out of range", call->signature->name,
               NameOf(call, at));
  return false;
}

static bool TakeSigned(Call* call, int at, long long least, long long most, long long* out) {
  if (!PyIndex_Check(call->given[at])) return Refuse(call, at, "int");
  PyObject* number = PyNumber_Index(call->given[at]);
  if (number == NULL) return false;
  int overflow = 0;
  *out = PyLong_AsLongLongAndOverflow(number, &overflow);
  Py_DECREF(number);
  if (overflow != 0 || *out < least || *out > most) return OutOfRange(call, at);
  return true;
}

static bool TakeUnsigned(Call* call, int at, unsigned long long most, unsigned long long* out) {
  if (!PyIndex_Check(call->given[at])) return Refuse(call, at, "int");
  PyObject* number = PyNumber_Index(call->given[at]);
  if (number == NULL) return false;
  *out = PyLong_AsUnsignedLongLong(number);
  Py_DECREF(number);
  if (PyErr_Occurred()) {
    PyErr_Clear();
    return OutOfRange(call, at);
  }
  return *out <= most || OutOfRange(call, at);
}

bool TakeInt32(Call* call, int at, int32_t* out) {
  long long value = 0;
  if (call->given[at] == NULL) return true;
  if (!TakeSigned(call, at, INT32_MIN, INT32_MAX, &value)) return false;
  *out = (int32_t)value;
  return true;
}

bool TakeInt64(Call* call, int at, int64_t* out) {
  long long value = 0;
  if (call->given[at] == NULL) return true;
  if (!TakeSigned(call, at, INT64_MIN, INT64_MAX, &value)) return false;
  *out = value;
  return true;
}

bool TakeUint32(Call* call, int at, uint32_t* out) {
  unsigned long long value = 0;
  if (call->given[at] == NULL) return true;
  if (!TakeUnsigned(call, at, UINT32_MAX, &value)) return false;
  *out = (uint32_t)value;
  return true;
}

bool TakeUint64(Call* call, int at, uint64_t* out) {
  unsigned long long value = 0;
  if (call->given[at] == NULL) return true;
  if (!TakeUnsigned(call, at, UINT64_MAX, &value)) return false;
  *out = value;
  return true;
}

bool TakeSize(Call* call, int at, size_t* out) {
  unsigned long long value = 0;
  if (call->given[at] == NULL) return true;
  if (!TakeUnsigned(call, at, SIZE_MAX, &value)) return false;
  *out = (size_t)value;
  return true;
}

bool TakeDouble(Call* call, int at, double* out) {
  if (call->given[at] == NULL) return true;
  if (!PyFloat_Check(call->given[at]) && !PyIndex_Check(call->given[at]))
    return Refuse(call, at, "float");
  *out = PyFloat_AsDouble(call->given[at]);
  return !(*out == -1.0 && PyErr_Occurred());
}

bool TakeBool(Call* call, int at, int32_t* out) {
  if (call->given[at] == NULL) return true;
  if (!PyBool_Check(call->given[at])) return Refuse(call, at, "bool");
  *out = call->given[at] == Py_True;
  return true;
}

static bool RefuseType(const Call* call, int at, PyTypeObject* type) {
  PyErr_Format(PyExc_TypeError, "%s(): %s must be a %R, not %R", call->signature->name,
               NameOf(call, at), (PyObject*)type, (PyObject*)Py_TYPE(call->given[at]));
  return false;
}

bool TakeHandle(Call* call, int at, bool nullable, PyTypeObject* type, void* out) {
  if (IsAbsent(call, at, nullable)) return true;
  if (!PyObject_TypeCheck(call->given[at], type)) return RefuseType(call, at, type);
  memcpy(out, &HANDLE_OF(call->given[at]), sizeof(void*));
  return true;
}

bool SpreadRecord(Call* call, int at, bool nullable, PyTypeObject* type, int first) {
  if (IsAbsent(call, at, nullable)) return true;
  if (!PyObject_TypeCheck(call->given[at], type)) return RefuseType(call, at, type);
  const Record* record = (const Record*)call->given[at];
  for (int i = 0; i < record->shape->count; ++i) call->given[first + i] = record->values[i];
  return true;
}
