#include "runtime.h"

enum { kWorthLettingGo = 64 * 1024 };

PyThreadState* LetGo(const Call* call) {
  return call->bytes >= kWorthLettingGo ? PyEval_SaveThread() : NULL;
}

void TakeBack(PyThreadState* thread) {
  if (thread != NULL) PyEval_RestoreThread(thread);
}

enum { kPieceMs = 200 };

void BeginWait(Wait* wait, int32_t timeout_ms) {
  wait->left_ms = timeout_ms;
  wait->piece_ms = timeout_ms < 0 || timeout_ms > kPieceMs ? kPieceMs : timeout_ms;
}

bool WaitOn(Wait* wait, pawl_status status) {
  if (status != PAWL_E_TIMEOUT || wait->left_ms == wait->piece_ms) return false;
  if (PyErr_CheckSignals() < 0) return false;
  BeginWait(wait, wait->left_ms < 0 ? -1 : wait->left_ms - wait->piece_ms);
  return true;
}
