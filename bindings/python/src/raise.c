#include "runtime.h"

/* pawl._errors.error_for(code, message, retryable, retry_after): the exception of a status. */
static PyObject* error_for;

bool LoadErrors(void) {
  PyObject* module = PyImport_ImportModule("pawl._errors");
  if (module == NULL) return false;
  error_for = PyObject_GetAttrString(module, "error_for");
  Py_DECREF(module);
  return error_for != NULL;
}

/* Seconds, or None when it is not known. */
static PyObject* RetryAfter(const pawl_error_info* info) {
  if (info->retry_after_ms <= 0) Py_RETURN_NONE;
  return PyFloat_FromDouble((double)info->retry_after_ms / 1000);
}

PyObject* RaiseStatus(pawl_status status) {
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  if (PyErr_Occurred()) return NULL;
  if (pawl_last_error(&info) != PAWL_OK || info.status != status || info.message == NULL) {
    info = (pawl_error_info)PAWL_ERROR_INFO_INIT;
    info.message = pawl_status_name(status);
    info.retryable = pawl_status_is_retryable(status);
  }
  PyObject* error = PyObject_CallFunction(error_for, "isNN", (int)status, info.message,
                                          FromBool(info.retryable), RetryAfter(&info));
  if (error == NULL) return NULL;
  PyErr_SetObject((PyObject*)Py_TYPE(error), error);
  Py_DECREF(error);
  return NULL;
}
