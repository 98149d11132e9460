package org.pawl;

/**
 * What every error of the library says, whichever class of Java it derives from: most are {@link PawlException}s, a caller's
 * mistake is an {@link IllegalArgumentException} or {@link IllegalStateException}.
 */
public interface PawlFailure {
  /** The number; new ones may appear in any release. */
  int code();

  /** The number's name, {@link StatusCode#UNKNOWN} when this release has none for it. */
  StatusCode status();

  /** Whether the same call may succeed later without any change. */
  boolean retryable();

  /** How many milliseconds to wait before trying again; 0: not known. */
  long retryAfterMs();
}
