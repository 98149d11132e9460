#include "runtime.h"

PyObject* NewObject(PyTypeObject* type, void* handle, void (*release)(void*)) {
  Object* made = (Object*)PyType_GenericAlloc(type, 0);
  if (made == NULL) {
    release(handle);
    return NULL;
  }
  made->handle = handle;
  return (PyObject*)made;
}

/* The last handle of a client to go closes it, which may take a while: others run meanwhile. */
void DeallocObject(PyObject* self, void (*release)(void*)) {
  PyTypeObject* type = Py_TYPE(self);
  Object* object = (Object*)self;
  if (object->weak_references != NULL) PyObject_ClearWeakRefs(self);
  if (object->handle != NULL) {
    PyThreadState* thread = PyEval_SaveThread();
    release(object->handle);
    PyEval_RestoreThread(thread);
  }
  freefunc give_back = (freefunc)PyType_GetSlot(type, Py_tp_free);
  give_back(self);
  Py_DECREF(type);
}

PyObject* CloseObject(PyObject* self, void (*close)(void*)) {
  PyThreadState* thread = PyEval_SaveThread();
  close(HANDLE_OF(self));
  PyEval_RestoreThread(thread);
  Py_RETURN_NONE;
}

PyObject* EnterObject(PyObject* self, PyObject* nothing) {
  (void)nothing;
  return Py_NewRef(self);
}

PyTypeObject* AddType(PyObject* module, PyType_Spec* spec, PyObject* bases) {
  PyObject* type = PyType_FromSpecWithBases(spec, bases);
  if (type == NULL || PyModule_AddType(module, (PyTypeObject*)type) < 0) Py_CLEAR(type);
  return (PyTypeObject*)type;
}

PyTypeObject* AddResultType(PyObject* module, PyStructSequence_Desc* description) {
  PyTypeObject* type = PyStructSequence_NewType(description);
  if (type != NULL && PyModule_AddType(module, type) < 0) Py_CLEAR(type);
  return type;
}
