#include <stdarg.h>
#include <string.h>

#include "runtime.h"

/* A memset that the compiler cannot leave out. */
static void Wipe(void* data, size_t size) {
  volatile uint8_t* at = data;
  while (size-- > 0) *at++ = 0;
}

void BeginOutput(Output* output, size_t wanted, bool exact) {
  output->wanted = wanted;
  output->exact = exact;
  output->data = NULL;
  output->capacity = 0;
  output->written = 0;
  output->bytes = NULL;
}

static void GiveBack(Output* output) {
  if (output->data != NULL && output->data != output->small && output->bytes == NULL)
    PyMem_Free(output->data);
  Py_CLEAR(output->bytes);
  output->data = NULL;
}

bool MakeRoom(Output* output) {
  GiveBack(output);
  if (output->wanted > SIZE_MAX / 2) return false;
  if (output->exact) {
    output->bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)output->wanted);
    PyErr_Clear();
    output->data = output->bytes == NULL ? NULL : (uint8_t*)PyBytes_AsString(output->bytes);
  } else if (output->wanted <= sizeof(output->small)) {
    output->data = output->small;
  } else {
    output->data = PyMem_Malloc(output->wanted);
  }
  output->capacity = output->data == NULL ? 0 : output->wanted;
  output->written = 0;
  return output->data != NULL;
}

bool WasTooSmall(Output* output, pawl_status status) {
  if (status != PAWL_E_BUFFER_TOO_SMALL || output->written <= output->capacity) return false;
  output->wanted = output->written;
  output->written = 0;
  return true;
}

PyObject* OutputBytes(Output* output) {
  if (output->bytes == NULL || output->written != output->capacity) {
    return FromBytes(output->data, output->written);
  }
  PyObject* whole = output->bytes;
  output->bytes = NULL;
  output->data = NULL;
  return whole;
}

PyObject* OutputText(Output* output) {
  size_t size = output->written == 0 ? 0 : output->written - 1;
  return PyUnicode_FromStringAndSize((const char*)output->data, (Py_ssize_t)size);
}

void EndOutput(Output* output) {
  if (output->data != NULL && output->written <= output->capacity)
    Wipe(output->data, output->written);
  GiveBack(output);
}

PyObject* FromText(const char* text) {
  if (text == NULL) Py_RETURN_NONE;
  return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

PyObject* FromBytes(const uint8_t* data, size_t size) {
  return PyBytes_FromStringAndSize((const char*)data, (Py_ssize_t)size);
}

PyObject* FromOptionalBytes(const uint8_t* data, size_t size) {
  if (data == NULL) Py_RETURN_NONE;
  return FromBytes(data, size);
}

PyObject* FromBool(int32_t value) { return PyBool_FromLong(value != 0); }

PyObject* MakeResult(PyTypeObject* type, int count, ...) {
  PyObject* made = PyStructSequence_New(type);
  bool complete = made != NULL;
  va_list values;
  va_start(values, count);
  for (int i = 0; i < count; ++i) {
    PyObject* value = va_arg(values, PyObject*);
    complete = complete && value != NULL;
    if (made != NULL) {
      PyStructSequence_SetItem(made, i, value);
    } else {
      Py_XDECREF(value);
    }
  }
  va_end(values);
  if (!complete) Py_CLEAR(made);
  return made;
}
