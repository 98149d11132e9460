package org.pawl;

/** Makes errors of what the library says. */
final class Failures {
  private Failures() {}

  /** The failure in a native reply. */
  static RuntimeException of(Unpacker reply) {
    long needed = reply.int64();
    ErrorInfo info = ErrorInfo.read(reply);
    String message = Pawl.statusName(info.status()) + ": " + info.message();
    if (needed > 0) {
      message += " (" + needed + " bytes are needed)";
    }
    return unchecked(FailureTypes.make(new FailureDetails(info.status(), info.retryable(), info.retryAfterMs(), message)));
  }

  /** How a request ended that failed. */
  static Throwable of(Event completed) {
    int code = completed.status();
    long retryAfterMs = completed.retryAtMs() == 0 ? 0 : Math.max(1, completed.retryAtMs() - System.currentTimeMillis());
    boolean retryable = retryAfterMs > 0 || Pawl.statusIsRetryable(code);
    return FailureTypes.make(new FailureDetails(code, retryable, retryAfterMs, Pawl.statusName(code) + ": the request failed"));
  }

  static Throwable closed() {
    return new PawlException.Closed(new FailureDetails(StatusCode.CLOSED.code(), false, 0, "CLOSED: the client was closed"));
  }

  /** The same failure for another who is told, because whoever has one may add to it. */
  static Throwable anew(Throwable failure) {
    if (!(failure instanceof PawlFailure)) {
      return new IllegalStateException("the thread that takes the client's events has ended", failure);
    }
    PawlFailure known = (PawlFailure) failure;
    return FailureTypes.make(new FailureDetails(known.code(), known.retryable(), known.retryAfterMs(), failure.getMessage()));
  }

  /** An error that is no exception is thrown at once. */
  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error) {
      throw (Error) failure;
    }
    return (RuntimeException) failure;
  }
}
