package org.pawl;

/** What stands behind the class of an error. */
final class FailureDetails {
  final int code;
  final boolean retryable;
  final long retryAfterMs;
  final String message;

  FailureDetails(int code, boolean retryable, long retryAfterMs, String message) {
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.message = message;
  }
}
