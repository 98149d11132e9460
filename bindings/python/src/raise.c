#include "runtime.h"

/* pawl._base.error_for(code, message, retryable, retry_after_ms): the exception of a status. */
static PyObject* error_for;

bool LoadErrors(void) {
  PyObject* module = PyImport_ImportModule("pawl._errors");
  if (module == NULL) return false;
  error_for = PyObject_GetAttrString(module, "error_for");
  Py_DECREF(module);
  return error_for != NULL;
}

PyObject* RaiseStatus(pawl_status status) {
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  if (pawl_last_error(&info) != PAWL_OK || info.status != status || info.message == NULL) {
    info.message = pawl_status_name(status);
    info.retryable = 0;
  }
  PyObject* error = PyObject_CallFunction(error_for, "isO", (int)status, info.message,
                                          info.retryable ? Py_True : Py_False);
  if (error == NULL) return NULL;
  PyErr_SetObject((PyObject*)Py_TYPE(error), error);
  Py_DECREF(error);
  return NULL;
}
