#ifndef PAWL_PYTHON_RUNTIME_H_
#define PAWL_PYTHON_RUNTIME_H_

/* What the generated functions of the extension are made of: arguments in, outputs out, records,
 * objects, failures.
 *
 * One interpreter: what is kept for its lifetime (types, enums, the maker of exceptions) stands in
 * static variables, and a subinterpreter is refused. No thread of Pawl ever enters the interpreter,
 * so nothing here runs but on a thread of Python's that holds the lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <stdbool.h>
#include <stdint.h>

#include "pawl/pawl.h"

/* Arguments. */

enum { kMaxArguments = 48, kMaxHeld = 8 };

typedef struct {
  const char* name; /* as in "Client.open", for messages */
  const char* const* parameters;
  int count;
  int positional;    /* so many may be given by position, the others by name alone */
  uint64_t required; /* bit i: parameter i has no default */
} Signature;

/** The arguments of one call and what must live until it is over. */
typedef struct {
  const Signature* signature;
  PyObject* given[kMaxArguments]; /* borrowed; null: not given */
  Py_buffer views[kMaxHeld];
  int view_count;
  PyObject* objects[kMaxHeld];
  int object_count;
  size_t bytes; /* in all views */
} Call;

/** Sorts the arguments of a METH_FASTCALL | METH_KEYWORDS function into call->given. All of these
 * give false, with an exception, when the arguments are not as they should be; EndCall follows in
 * any case. */
bool BeginCall(Call* call, const Signature* signature, PyObject* const* arguments,
               Py_ssize_t positional, PyObject* names);
/** The same from the arguments of a tp_new. */
bool BeginNew(Call* call, const Signature* signature, PyObject* arguments, PyObject* keywords);
void EndCall(Call* call);

/* One argument each. An argument that was not given leaves *out as it is; None does so where it is
 * allowed. */
bool TakeText(Call* call, int at, bool nullable, const char** out);
bool TakePath(Call* call, int at, bool nullable, const char** out);
bool TakeBytes(Call* call, int at, bool nullable, const uint8_t** out, size_t* out_len);
/** Bytes of exactly `size`: a value such as an id. `out` is a pointer to a pointer of its type. */
bool TakeValue(Call* call, int at, bool nullable, size_t size, void* out);
/** The same into the `size` bytes at `out`; None leaves them as they are. */
bool TakeArray(Call* call, int at, size_t size, void* out);
bool TakeInt32(Call* call, int at, int32_t* out);
bool TakeUint32(Call* call, int at, uint32_t* out);
bool TakeInt64(Call* call, int at, int64_t* out);
bool TakeUint64(Call* call, int at, uint64_t* out);
bool TakeSize(Call* call, int at, size_t* out);
bool TakeDouble(Call* call, int at, double* out);
bool TakeBool(Call* call, int at, int32_t* out);
bool TakeHandle(Call* call, int at, bool nullable, PyTypeObject* type, void* out);
/** Puts the fields of a record (argument `at`) where they can be taken as arguments, from `first`
 * on. */
bool SpreadRecord(Call* call, int at, bool nullable, PyTypeObject* type, int first);

/* The lock of the interpreter. */

/** Lets go of it when the call has 64 KiB or more to work on; null when it is kept. */
PyThreadState* LetGo(const Call* call);
void TakeBack(PyThreadState* thread);

/* A wait in pieces, so that a signal's handler runs before its end: Ctrl-C ends it. */

typedef struct {
  int32_t left_ms; /* below 0: for ever */
  int32_t piece_ms;
} Wait;

void BeginWait(Wait* wait, int32_t timeout_ms);
/** Whether there is another piece to wait. Not when a handler has raised: RaiseStatus lets that
 * through. */
bool WaitOn(Wait* wait, pawl_status status);

/* Outputs. */

/** Where a function writes to. */
typedef struct {
  size_t wanted;
  bool exact; /* `wanted` is mostly what will be written: right into the bytes object */
  uint8_t* data;
  size_t capacity;
  size_t written;
  PyObject* bytes;
  uint8_t small[512];
} Output;

void BeginOutput(Output* output, size_t wanted, bool exact);
/** Room for output->wanted; false when there is no memory. */
bool MakeRoom(Output* output);
/** Whether the call is to be made again with more room: a buffer that was too small has changed
 * nothing. */
bool WasTooSmall(Output* output, pawl_status status);
PyObject* OutputBytes(Output* output);
/** The text without the NUL at its end. */
PyObject* OutputText(Output* output);
/** Wipes what was written and not handed out. */
void EndOutput(Output* output);

PyObject* FromText(const char* text);
PyObject* FromBytes(const uint8_t* data, size_t size);
/** None when `data` is null. */
PyObject* FromOptionalBytes(const uint8_t* data, size_t size);
PyObject* FromBool(int32_t value);
/** A named tuple of `count` new references, all of which it takes; null when one of them is null.
 */
PyObject* MakeResult(PyTypeObject* type, int count, ...);

/* Enums: classes of pawl._enums. */

typedef struct {
  const char* name;
  bool is_flags;
  PyObject* type;
  PyObject* members; /* {number: member} */
} EnumTable;

bool LoadEnum(EnumTable* table);
/** The member; or the plain number, which this release has no name for. */
PyObject* FromEnum(const EnumTable* table, long long value);

/* Values: bytes of one size. */

PyObject* NewValue(PyTypeObject* type, PyObject* arguments, PyObject* keywords, size_t size);
PyObject* FromValue(PyTypeObject* type, const void* data, size_t size);
PyObject* ShowValue(PyObject* self);
PyObject* WriteValue(PyObject* self);

/* Records: immutable, one attribute for each field. */

typedef struct {
  PyTypeObject* type;
  const char* name;
  const char* const* fields;
  int count;
} RecordShape;

typedef struct {
  PyObject_HEAD const RecordShape* shape;
  PyObject* values[];
} Record;

#define RECORD_FIELD(at) ((Py_ssize_t)(offsetof(Record, values) + (at) * sizeof(PyObject*)))

PyObject* NewRecord(const RecordShape* shape);
/** Takes `value`, a new reference; false when it is null. */
bool SetField(PyObject* record, int at, PyObject* value);
/** The record, or null and no record, when `complete` is false. */
PyObject* Finished(PyObject* record, bool complete);
void DeallocRecord(PyObject* self);
PyObject* ShowRecord(PyObject* self);
PyObject* CompareRecords(PyObject* left, PyObject* right, int how);
Py_hash_t HashRecord(PyObject* self);

/* Objects of Pawl. */

typedef struct {
  PyObject_HEAD void* handle;
  PyObject* weak_references;
} Object;

#define HANDLE_OF(self) (((Object*)(self))->handle)

PyObject* NewObject(PyTypeObject* type, void* handle, void (*release)(void*));
void DeallocObject(PyObject* self, void (*release)(void*));
PyObject* CloseObject(PyObject* self, void (*close)(void*));
PyObject* EnterObject(PyObject* self, PyObject* nothing);

/* Failures. */

bool LoadErrors(void);
/** Raises what this thread's last failure was, unless something is raised already; null. */
PyObject* RaiseStatus(pawl_status status);

/* The module. */

PyTypeObject* AddType(PyObject* module, PyType_Spec* spec, PyObject* bases);
PyTypeObject* AddResultType(PyObject* module, PyStructSequence_Desc* description);

#endif /* PAWL_PYTHON_RUNTIME_H_ */
