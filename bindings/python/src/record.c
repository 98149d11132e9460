#include <string.h>

#include "runtime.h"

/* Records. */

PyObject* NewRecord(const RecordShape* shape) {
  Record* made = (Record*)PyType_GenericAlloc(shape->type, 0);
  if (made == NULL) return NULL;
  made->shape = shape;
  return (PyObject*)made;
}

bool SetField(PyObject* record, int at, PyObject* value) {
  ((Record*)record)->values[at] = value;
  return value != NULL;
}

PyObject* Finished(PyObject* record, bool complete) {
  if (!complete) Py_CLEAR(record);
  return record;
}

void DeallocRecord(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  Record* record = (Record*)self;
  for (int i = 0; record->shape != NULL && i < record->shape->count; ++i)
    Py_XDECREF(record->values[i]);
  freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
  release(self);
  Py_DECREF(type);
}

/* Whether a field says nothing: None, 0, False or empty. */
static bool IsDefault(PyObject* value) { return value == Py_None || PyObject_IsTrue(value) == 0; }

/* [name=value, …] of the fields that say something. */
static PyObject* ShownFields(const Record* record) {
  PyObject* parts = PyList_New(0);
  for (int i = 0; parts != NULL && i < record->shape->count; ++i) {
    if (IsDefault(record->values[i])) continue;
    PyObject* part = PyUnicode_FromFormat("%s=%R", record->shape->fields[i], record->values[i]);
    if (part == NULL || PyList_Append(parts, part) < 0) Py_CLEAR(parts);
    Py_XDECREF(part);
  }
  return parts;
}

PyObject* ShowRecord(PyObject* self) {
  const Record* record = (const Record*)self;
  PyObject* parts = ShownFields(record);
  PyObject* comma = PyUnicode_FromString(", ");
  PyObject* joined = parts == NULL || comma == NULL ? NULL : PyUnicode_Join(comma, parts);
  PyObject* shown =
      joined == NULL ? NULL : PyUnicode_FromFormat("%s(%U)", record->shape->name, joined);
  Py_XDECREF(parts);
  Py_XDECREF(comma);
  Py_XDECREF(joined);
  return shown;
}

static PyObject* AsTuple(PyObject* self) {
  const Record* record = (const Record*)self;
  PyObject* made = PyTuple_New(record->shape->count);
  for (int i = 0; made != NULL && i < record->shape->count; ++i) {
    PyTuple_SetItem(made, i, Py_NewRef(record->values[i]));
  }
  return made;
}

PyObject* CompareRecords(PyObject* left, PyObject* right, int how) {
  if (Py_TYPE(left) != Py_TYPE(right) || (how != Py_EQ && how != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
  PyObject* a = AsTuple(left);
  PyObject* b = AsTuple(right);
  PyObject* result = a == NULL || b == NULL ? NULL : PyObject_RichCompare(a, b, how);
  Py_XDECREF(a);
  Py_XDECREF(b);
  return result;
}

Py_hash_t HashRecord(PyObject* self) {
  PyObject* tuple = AsTuple(self);
  Py_hash_t hash = tuple == NULL ? -1 : PyObject_Hash(tuple);
  Py_XDECREF(tuple);
  return hash;
}

/* Values. */

PyObject* NewValue(PyTypeObject* type, PyObject* arguments, PyObject* keywords, size_t size) {
  newfunc make = (newfunc)PyType_GetSlot(&PyBytes_Type, Py_tp_new);
  PyObject* made = make(type, arguments, keywords);
  if (made == NULL || (size_t)PyBytes_Size(made) == size) return made;
  PyErr_Format(PyExc_ValueError, "%zu bytes are needed, not %zd", size, PyBytes_Size(made));
  Py_DECREF(made);
  return NULL;
}

PyObject* FromValue(PyTypeObject* type, const void* data, size_t size) {
  if (data == NULL) Py_RETURN_NONE;
  PyObject* bytes = FromBytes(data, size);
  PyObject* made =
      bytes == NULL ? NULL : PyObject_CallFunctionObjArgs((PyObject*)type, bytes, NULL);
  Py_XDECREF(bytes);
  return made;
}

/* The bytes in hexadecimal. */
PyObject* WriteValue(PyObject* self) { return PyObject_CallMethod(self, "hex", NULL); }

PyObject* ShowValue(PyObject* self) {
  PyObject* hex = WriteValue(self);
  PyObject* name = PyType_GetName(Py_TYPE(self));
  PyObject* shown =
      hex == NULL || name == NULL ? NULL : PyUnicode_FromFormat("%U('%U')", name, hex);
  Py_XDECREF(hex);
  Py_XDECREF(name);
  return shown;
}

/* Enums. */

bool LoadEnum(EnumTable* table) {
  PyObject* module = PyImport_ImportModule("pawl._enums");
  PyObject* type = module == NULL ? NULL : PyObject_GetAttrString(module, table->name);
  Py_XDECREF(module);
  if (type == NULL) return false;
  table->members = PyObject_GetAttrString(type, "_value2member_map_");
  table->type = type;
  return table->members != NULL;
}

PyObject* FromEnum(const EnumTable* table, long long value) {
  PyObject* number = PyLong_FromLongLong(value);
  if (number == NULL) return NULL;
  PyObject* member = PyDict_GetItemWithError(table->members, number);
  if (member == NULL && PyErr_Occurred()) return Finished(number, false);
  if (member == NULL && !table->is_flags) return number;
  PyObject* made =
      member != NULL ? Py_NewRef(member) : PyObject_CallFunctionObjArgs(table->type, number, NULL);
  Py_DECREF(number);
  return made;
}
