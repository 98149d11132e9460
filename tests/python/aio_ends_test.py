"""How clients of pawl.aio end: by close, whatever waits and whoever gives up; with nobody who holds them; with the loop."""

import asyncio
import gc
import subprocess
import sys
import threading
import unittest
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import pawl
import pawl.aio
from aio_rig import AioScene
from rig import PATIENCE, WithRelay

MIB = 1 << 20

T = TypeVar("T")
P = ParamSpec("P")


class Keeping(ThreadPoolExecutor):
    """A thread of an executor may still hold a call and its outcome when the loop has gone on: this one always does."""

    def __init__(self) -> None:
        super().__init__(1)
        self.kept: list[object] = []

    def submit(self, function: Callable[P, T], /, *args: P.args, **keywords: P.kwargs) -> Future[T]:
        future = super().submit(function, *args, **keywords)
        self.kept.append((function, args, keywords, future))
        return future


class AioEndsTest(AioScene, WithRelay):
    async def failure(self, waited: Awaitable[Any]) -> pawl.PawlError:
        with self.assertRaises(pawl.PawlError) as caught:
            await waited
        return caught.exception

    async def outcome(self, waited: Awaitable[Any]) -> str:
        return type(await self.failure(waited)).__name__

    async def drained(self, client: pawl.aio.Client) -> str:
        async for _ in client:
            pass
        return "ended"

    async def writing_for_ever(self, client: pawl.aio.Client) -> "asyncio.Task[str]":
        """A write to an upload that is full and that nothing takes from."""
        there = pawl.aio.Conversation.open(client, "bob@localhost")
        upload = pawl.aio.Upload.begin(there, 50 * MIB).given[1]
        with self.assertRaises(pawl.TimedOutError):
            while True:
                upload._native.write(bytes(MIB), 0)
        return asyncio.create_task(self.outcome(upload.write(bytes(MIB), -1)))

    def test_close_does_not_wait_behind_uploads_that_fill_the_executor(self) -> None:
        async def scene() -> None:
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
            client = await pawl.aio.Client.open(**self.reached("alice"))
            await client.account_register("alice@localhost")
            client.set_online(False)
            writing = [await self.writing_for_ever(client) for _ in range(3)]
            await asyncio.sleep(0)
            await client.close()
            self.assertEqual(await asyncio.gather(*writing), ["ClosedError"] * 3)

        self.play(scene)

    def test_who_gives_up_waiting_for_close_leaves_nobody_hanging(self) -> None:
        async def scene() -> None:
            client = await self.offline_aio()
            iterating = asyncio.create_task(self.drained(client))
            registering = asyncio.create_task(self.outcome(client.account_register("alice@localhost")))
            await asyncio.sleep(0)
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0):
                    await client.close()
            self.assertEqual((await iterating, await registering), ("ended", "ClosedError"))
            await client.close()
            with self.assertRaises(pawl.ClosedError):
                client.contacts()

        self.play(scene)

    def test_a_failure_that_nobody_awaits_goes_to_the_loop_s_exception_handler(self) -> None:
        async def scene() -> None:
            told: list[dict[str, Any]] = []
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
            async with await self.offline_aio() as client:
                client.attachment_cancel(bytes(16))
                awaited = client.attachment_cancel(bytes(16))
                with self.assertRaises(pawl.NotFoundError):
                    await awaited
                client.account_register("alice@localhost")  # the end of the client is no failure of this
            del awaited
            gc.collect()
            self.assertEqual([type(it["exception"]) for it in told], [pawl.NotFoundError])

        self.play(scene)

    def test_each_who_awaits_a_failed_request_gets_an_exception_of_its_own(self) -> None:
        async def scene() -> None:
            async with await self.offline_aio() as client:
                missing = client.attachment_cancel(bytes(16))
                self.assertIsNot(await self.failure(missing), await self.failure(missing))
                registering = client.account_register("alice@localhost")
            self.assertIsNot(await self.failure(registering), await self.failure(registering))

        self.play(scene)

    def test_each_iteration_over_a_client_that_failed_raises_an_exception_of_its_own(self) -> None:
        async def scene() -> None:
            client = await self.offline_aio()
            client._pump.end(pawl.CorruptError("torn", pawl.StatusCode.CORRUPT))
            self.assertIsNot(await self.failure(self.drained(client)), await self.failure(self.drained(client)))
            await client.close()

        self.play(scene)

    def test_a_client_that_nobody_holds_ends_and_says_so(self) -> None:
        async def scene() -> None:
            with self.assertWarnsRegex(ResourceWarning, "not closed"):
                client = await self.offline_aio()
                del client
                gc.collect()
            await asyncio.sleep(0)
            await (await self.offline_aio()).close()

        self.play(scene)

    async def given_up(self, executor: ThreadPoolExecutor, call: Coroutine[Any, Any, None]) -> None:
        """A call that is cancelled before a thread is free for it."""
        free = threading.Event()
        executor.submit(free.wait)
        calling = asyncio.create_task(call)
        await asyncio.sleep(0)
        calling.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await calling
        free.set()

    def test_an_executor_that_lets_go_of_its_calls_late_keeps_no_client(self) -> None:
        async def scene() -> None:
            executor = Keeping()
            asyncio.get_running_loop().set_default_executor(executor)
            with self.assertWarns(ResourceWarning):
                client = await self.offline_aio()
                await client.suspend()
                await client.resume()
                self.assertEqual(await self.outcome(client.change_key()), "InvalidArgumentError")
                await self.given_up(executor, client.change_key("never used"))
                del client
            await asyncio.sleep(0)
            await (await self.offline_aio()).close()
            self.assertEqual(len(executor.kept), 7)

        self.play(scene)

    def test_a_client_that_another_thread_held_last_ends_in_its_loop(self) -> None:
        async def scene() -> None:
            held = [await self.offline_aio()]
            with self.assertWarns(ResourceWarning):
                await asyncio.to_thread(held.clear)
            await asyncio.sleep(0)
            await (await self.offline_aio()).close()

        self.play(scene)

    def test_whatever_belongs_to_a_client_keeps_it(self) -> None:
        async def scene() -> None:
            client = await self.offline_aio()
            there = pawl.aio.Conversation.open(client, "bob@localhost")
            client.account_register("alice@localhost")
            del client
            gc.collect()
            uploading = pawl.aio.Upload.begin(there, MIB)
            del there
            gc.collect()
            self.assertRaises(pawl.StoreLockedError, lambda: pawl.Client.open(**self.offline_options()))
            self.assertEqual(uploading._pump, uploading.given[1]._pump)
            await uploading._pump.close()
            self.assertEqual(await self.outcome(uploading), "ClosedError")

        self.play(scene)

    def test_a_loop_that_ends_first_leaves_a_client_to_be_closed_in_another(self) -> None:
        held: list[pawl.aio.Client] = []

        async def scene() -> None:
            held.append(await self.offline_aio())

        self.play(scene)
        self.play(held[0].close)
        self.assertRaises(pawl.ClosedError, held[0].contacts)
        self.play(scene)
        with self.assertWarns(ResourceWarning):
            held.clear()
        pawl.Client.open(**self.offline_options()).close()


    def test_the_interpreter_exits_with_an_open_client(self) -> None:
        code = """if True:
            import asyncio, pawl, pawl.aio
            async def main():
                client = await pawl.aio.Client.open(**OPTIONS)
                client.account_register("alice@localhost")
                return client
            KEPT asyncio.run(main())
        """
        for kept in ("", "client = ", "import sys; sys.modules['kept'] = "):
            with self.subTest(kept):
                done = subprocess.run(
                    [sys.executable, "-c", code.replace("KEPT ", kept).replace("OPTIONS", repr(self.program_options()))], text=True, capture_output=True, timeout=PATIENCE, check=False
                )
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def program_options(self) -> dict[str, Any]:
        options = self.offline_options()
        return {**options, "flags": int(options["flags"])}


if __name__ == "__main__":
    unittest.main(verbosity=2)
