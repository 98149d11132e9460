"""What pawl.aio stands on: one add_reader for each client, and requests that can be awaited.

Calls that may wait for the disk or another thread run in the loop's default executor, but for close, which has a thread
of its own while it lasts: what it wakes may fill the executor. All others run right in the loop.
"""

import asyncio
import time
import warnings
import weakref
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Any, Generic, ParamSpec, TypeVar

from ._base import PawlError
from ._enums import EventType, StatusCode
from ._errors import ClosedError, TimedOutError, error_for
from ._pawl import Client as NativeClient
from ._pawl import Event, status_is_retryable, status_name
from ._unread import Unread

_BATCH = 256
# So many events may wait for the app before no more are taken from the client, whose own queue is bounded, too. While the
# completion of a request is awaited, which comes after those events, it may be so many bytes of them.
_ENOUGH = 1024
_MOST = 64 << 20

T = TypeVar("T")
Given = TypeVar("Given")
Self = TypeVar("Self", bound="Streaming")
P = ParamSpec("P")


async def in_executor(function: Callable[P, T], *args: P.args, **keywords: P.kwargs) -> T:
    """A call that may wait, away from the loop.

    The executor's thread may still hold call and outcome when the loop has gone on: two lists, empty by then. A client that
    nobody else holds would keep its store, a call its passphrase.
    """
    call = [partial(function, *args, **keywords)]

    def emptied() -> list[T]:
        return [call.pop()()]

    try:
        return (await asyncio.get_running_loop().run_in_executor(None, emptied)).pop()
    finally:
        call.clear()  # who gave up waiting before a thread was free


def in_own_thread(function: Callable[[], T]) -> "asyncio.Future[T]":
    """A call that ends what others wait for: never in line behind them."""
    thread = ThreadPoolExecutor(1, "pawl_close")
    ending = asyncio.get_running_loop().run_in_executor(thread, function)
    thread.shutdown(wait=False)  # after this one call
    return ending


def _anew(error: PawlError) -> PawlError:
    """The same failure for another who is told: an exception collects tracebacks where it is raised."""
    return error_for(int(error.code), str(error), error.retryable, error.retry_after)


def _settle(waiting: "asyncio.Future[Event]", completion: Event) -> None:
    """A failure that nobody ever asks for goes to the loop's exception handler, as that of any future."""
    if completion.status == StatusCode.OK:
        waiting.set_result(completion)
    else:
        waiting.set_exception(_failure(completion))


def _abandon(waiting: "asyncio.Future[Event]", why: PawlError) -> None:
    """That a client ended is no news to who ended it."""
    waiting.set_exception(why)
    waiting.exception()


def _failure(event: Event) -> PawlError:
    """Why a request failed."""
    code = int(event.status)
    retry_after = max(0.0, event.retry_at_ms / 1000 - time.time()) if event.retry_at_ms else None
    return error_for(code, status_name(code), status_is_retryable(code) or retry_after is not None, retry_after)


def _wake(waiting: "set[asyncio.Future[None]]") -> None:
    for it in waiting:
        if not it.done():
            it.set_result(None)


def _take_for(of: "weakref.ref[Pump]") -> None:
    pump = of()
    if pump is not None:
        pump.take()


def _forget(loop: asyncio.AbstractEventLoop, descriptor: int, client: NativeClient) -> None:
    """In the loop, for a client that nobody holds: its descriptor stays its own until the loop looks at it no more."""
    loop.remove_reader(descriptor)


class Pump:
    """Takes a client's events when its descriptor is readable: completions to who waits for them, the others in a row.

    The loop does not keep it alive: with the last of the client's objects and requests it goes, too, and the client ends.
    """

    _is_open = False

    def __init__(self, client: NativeClient) -> None:
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._descriptor = client.event_fd()
        self._events = Unread()
        self._readers: set[asyncio.Future[None]] = set()
        self._requests: dict[int, asyncio.Future[Event]] = {}
        self._waiters: set[asyncio.Future[None]] = set()  # for a completion
        self._calls = 0  # in the executor: a request of theirs may be done before they return its id
        self._early: dict[int, Event] = {}
        self._end: PawlError | None = None
        self._closing: asyncio.Future[None] | None = None
        self._reads = False
        self._is_open = True
        self._read_on()

    def __del__(self, warn: Callable[..., None] = warnings.warn) -> None:
        """In any thread, whichever let go of the client last; or when the interpreter ends, and modules are gone."""
        if not self._is_open:
            return
        warn("a pawl.aio.Client was not closed", ResourceWarning, source=self)
        try:
            self._loop.call_soon_threadsafe(_forget, self._loop, self._descriptor, self._client)
        except RuntimeError:
            pass  # the loop is closed and looks at nothing any more

    # The descriptor.

    def _read_on(self) -> None:
        if not self._reads and self._is_open:
            self._loop.add_reader(self._descriptor, _take_for, weakref.ref(self))
            self._reads = True

    def _pause(self) -> None:
        if self._reads:
            self._loop.remove_reader(self._descriptor)
            self._reads = False

    def _is_full(self) -> bool:
        """Whether the app is to read events first."""
        awaits = self._waiters or self._calls
        return self._is_crowded() if awaits else len(self._events) >= _ENOUGH

    def _is_crowded(self) -> bool:
        """Whether it is to do so even if it awaits a completion."""
        return self._events.size >= _MOST

    def take(self) -> None:
        try:
            batch = self._client.wait_events(_BATCH, 0)
        except TimedOutError:
            return
        except PawlError as error:
            self.end(error)
            return
        for event in batch:
            self._sort(event)
        _wake(self._readers)
        if self._is_full():
            self._pause()
        if self._is_crowded():
            _wake(self._waiters)

    def _sort(self, event: Event) -> None:
        if event.type == EventType.COMPLETED:
            waiting = self._requests.pop(event.request_id, None)
            if waiting is not None:
                _settle(waiting, event)
                return
            if self._calls:
                self._early[event.request_id] = event
                return
        self._events.append(event)

    def end(self, why: PawlError) -> None:
        """Nothing comes any more: iteration stops after what is there, requests fail."""
        self._is_open = False
        self._pause()
        self._end = self._end or why
        for waiting in self._requests.values():
            _abandon(waiting, self._end)
        self._requests.clear()
        _wake(self._readers)

    # For the app.

    async def next(self) -> Event:
        """The next event; StopAsyncIteration when the client was closed."""
        while not self._events:
            if self._end is not None:
                if isinstance(self._end, ClosedError):
                    raise StopAsyncIteration
                raise _anew(self._end)
            reader = self._loop.create_future()
            self._readers.add(reader)
            try:
                await reader
            finally:
                self._readers.discard(reader)
        event = self._events.popleft()
        if not self._is_full():
            self._read_on()
        return event

    def expect(self, request: int) -> "asyncio.Future[Event]":
        """Becomes the completion of a request, or why there will be none."""
        waiting: asyncio.Future[Event] = self._loop.create_future()
        early = self._early.pop(request, None)
        if early is not None:
            _settle(waiting, early)
        elif self._end is not None:
            _abandon(waiting, self._end)
        else:
            self._requests[request] = waiting
        return waiting

    async def request(self, function: Callable[P, int], *args: P.args, **keywords: P.kwargs) -> Event:
        """The completion of a request whose call may wait itself."""
        self._calls += 1
        self._read_on()
        try:
            waiting = self.expect(await in_executor(function, *args, **keywords))
        finally:
            self._calls -= 1
            if not self._calls:
                for event in self._early.values():
                    self._events.append(event)
                self._early.clear()
                _wake(self._readers)
        return await self.completion(waiting)

    async def completion(self, waiting: "asyncio.Future[Event]") -> Event:
        """A request's completion, or its failure as an exception. Who stops waiting does not stop the request."""
        if not waiting.done():
            await self._wait_for(waiting)
        failed = waiting.exception()
        if isinstance(failed, PawlError):
            raise _anew(failed)
        return waiting.result()

    async def _wait_for(self, waiting: "asyncio.Future[Event]") -> None:
        waiter = self._loop.create_future()

        def tell(_: object) -> None:
            _wake({waiter})

        waiting.add_done_callback(tell)
        self._waiters.add(waiter)
        try:
            if not self._is_crowded():
                self._read_on()
                await waiter
        finally:
            self._waiters.discard(waiter)
            waiting.remove_done_callback(tell)
        if not waiting.done():
            raise RuntimeError("the completion comes after events that nobody reads: iterate over the client; the request goes on")

    async def close(self) -> None:
        """Who stops waiting does not stop the closing."""
        if self._closing is None:
            self._is_open = False
            self._pause()
            self._closing = in_own_thread(self._client.close)
            self._closing.add_done_callback(self._closed)
        await asyncio.shield(self._closing)

    def _closed(self, closing: "asyncio.Future[None]") -> None:
        self.end(error_for(StatusCode.CLOSED, "the client is closed"))


class Request(Generic[T, Given]):
    """A request under way. `await` it for its result or its failure, any number of times; `given` is what there was at
    once, such as a message's id. Who stops waiting does not stop the request; when it fails and nobody awaited it, the
    loop's exception handler is told.
    """

    def __init__(self, pump: Pump, request: int, given: Given, result: Callable[[Event], T]) -> None:
        self.id = request
        self.given = given
        self._pump = pump  # which lives as long as somebody has a request to wait for
        self._result = result
        self._outcome = pump.expect(request)

    async def _wait(self) -> T:
        return self._result(await self._pump.completion(self._outcome))

    def __await__(self) -> Generator[Any, None, T]:
        return self._wait().__await__()


def nothing(event: Event) -> None:
    """The result of a request that has none."""


def data(event: Event) -> bytes:
    """The result of a request whose completion has data."""
    return event.data or b""


class Streaming:
    """An object with events: `async with`, `async for`."""

    _pump: Pump

    async def __aenter__(self: Self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._pump.close()

    async def close(self) -> None:
        """Ends the object's work. Events that were taken can still be read, then the iteration stops."""
        await self._pump.close()

    def __aiter__(self: Self) -> Self:
        return self

    async def __anext__(self) -> Event:
        return await self._pump.next()
