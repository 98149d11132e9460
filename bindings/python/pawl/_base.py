"""The exception that all failures of Pawl are."""

from typing import Any

from ._enums import StatusCode


class PawlError(Exception):
    """A call of Pawl that failed. Subclasses say how: catch one of a code (AuthFailedError), of a hundred of codes
    (CryptoError), or this one.
    """

    #: The status: a StatusCode, or the plain number when this release has no name for it.
    code: StatusCode | int
    #: Whether the same call may succeed later without any change.
    retryable: bool
    #: Seconds after which it is worth trying again; None when that is not known.
    retry_after: float | None

    def __init__(self, message: str, code: int, retryable: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = StatusCode(code) if code in StatusCode._value2member_map_ else code
        self.retryable = retryable
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), int(self.code), self.retryable, self.retry_after)
