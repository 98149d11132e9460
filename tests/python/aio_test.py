"""pawl.aio over a relay: requests that are awaited, events that are iterated over, failures, ends."""

import asyncio
import threading
import unittest
from unittest import mock

import pawl
import pawl.aio
from aio_rig import AioScene
from rig import WithRelay


async def until(client: pawl.aio.Client, wanted: pawl.EventType) -> pawl.Event:
    async for event in client:
        if event.seq:
            client.ack(event.seq)
        if event.type == wanted:
            return event
    raise AssertionError("the client ended")


class AioTest(AioScene, WithRelay):
    async def new(self, name: str) -> pawl.aio.Client:
        client = await pawl.aio.Client.open(**self.reached(name))
        await client.account_register(f"{name}@localhost")
        return client

    async def met(self, alice: pawl.aio.Client, bob: pawl.aio.Client) -> None:
        await alice.contact_request("bob@localhost", "Alice")
        await until(bob, pawl.EventType.CONTACT_REQUEST)
        await bob.contact_answer("alice@localhost", True)
        await until(alice, pawl.EventType.CONTACT_ANSWER)

    def test_two_clients_in_one_loop_talk(self) -> None:
        async def scene() -> None:
            before = set(threading.enumerate())  # with those that end what a test before this one closed
            async with await self.new("alice") as alice, await self.new("bob") as bob:
                await self.met(alice, bob)
                there = pawl.aio.Conversation.open(alice, "bob@localhost")
                sending = there.send_text("hello")
                self.assertEqual(await sending, sending.given)
                self.assertEqual(await sending, sending.given, "a request can be awaited again")
                event = await until(bob, pawl.EventType.MESSAGE)
                assert event.message is not None and event.message.content is not None
                self.assertEqual((event.message_id, event.message.content.text), (sending.given, "hello"))
                new = {it.name for it in set(threading.enumerate()) - before}
                self.assertEqual([it for it in new if not it.startswith("asyncio_")], [], "no thread but the loop's executor")

        self.play(scene)

    def test_a_completion_with_data_is_its_result(self) -> None:
        async def scene() -> None:
            async with await self.new("alice") as alice:
                backup = await alice.account_export("correct horse")
                self.assertGreater(len(backup), 100)
                lost = self.reached("copy")
            async with await pawl.aio.Client.open(**lost) as copy:
                await copy.account_import(backup, "correct horse")
                self.assertEqual(copy.account_address(), "alice@localhost")
                with self.assertRaises(pawl.PawlError):
                    await copy.account_import(backup, "wrong horse")

        self.play(scene)

    def test_a_failed_request_raises_its_exception_where_it_is_awaited(self) -> None:
        async def scene() -> None:
            async with await self.new("alice"):
                async with await pawl.aio.Client.open(**self.reached("other")) as other:
                    registering = other.account_register("alice@localhost")
                    with self.assertRaises(pawl.NameTakenError) as caught:
                        await registering
                    self.assertIs(caught.exception.code, pawl.StatusCode.NAME_TAKEN)
                    self.assertFalse(caught.exception.retryable)
                    missing = other.attachment_cancel(bytes(16))
                    with self.assertRaises(pawl.PawlError):
                        await missing

        self.play(scene)

    def test_an_exception_in_the_app_s_loop_is_the_app_s(self) -> None:
        async def scene() -> None:
            async with await self.new("alice") as alice:
                with self.assertRaisesRegex(ZeroDivisionError, "mine"):
                    async for event in alice:
                        raise ZeroDivisionError("mine")
                await until(alice, pawl.EventType.REGISTERED)
                alice.account_get_info()

        self.play(scene)

    def test_an_exception_goes_through_async_with_and_closes(self) -> None:
        async def scene() -> None:
            with self.assertRaisesRegex(ZeroDivisionError, "mine"):
                async with await self.new("alice") as alice:
                    raise ZeroDivisionError("mine")
            self.assertRaises(pawl.ClosedError, alice.contacts)

        self.play(scene)

    def test_close_ends_an_iteration_and_fails_what_was_awaited(self) -> None:
        async def scene() -> None:
            alice = await pawl.aio.Client.open(**self.reached("alice"))
            alice.set_online(False)
            registering = alice.account_register("alice@localhost")
            iterating = asyncio.create_task(self.drained(alice))
            await asyncio.sleep(0)
            await alice.close()
            self.assertNotIn(pawl.EventType.REGISTERED, await iterating)
            with self.assertRaises(pawl.ClosedError):
                await registering
            with self.assertRaises(pawl.ClosedError):
                alice.account_register("alice@localhost")
            self.assertEqual(await self.drained(alice), [], "an iteration after the end is empty")
            await alice.close()

        self.play(scene)

    def test_close_by_the_native_object_in_another_thread_ends_an_iteration(self) -> None:
        async def scene() -> None:
            alice = await pawl.aio.Client.open(**self.reached("alice"))
            iterating = asyncio.create_task(self.drained(alice))
            await asyncio.to_thread(alice._native.close)
            await iterating

        self.play(scene)

    async def drained(self, client: pawl.aio.Client) -> list[pawl.EventType | int]:
        return [event.type async for event in client]

    def test_a_cancelled_wait_leaves_the_request_and_the_client_alone(self) -> None:
        async def scene() -> None:
            async with await pawl.aio.Client.open(**self.reached("alice")) as alice:
                registering = alice.account_register("alice@localhost")

                async def wait() -> None:
                    await registering

                waiting = asyncio.create_task(wait())
                await asyncio.sleep(0)
                waiting.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await waiting
                await registering
                self.assertEqual(alice.account_get_info().state, pawl.AccountState.REGISTERED)

        self.play(scene)

    def test_a_cancelled_wait_for_a_call_that_blocks_does_not_keep_the_others_from_ending(self) -> None:
        async def scene() -> None:
            client = await pawl.aio.Client.open(**self.reached("alice"))
            pump = client._pump
            given_up = asyncio.create_task(pump.request(lambda: 2**62))
            kept = asyncio.create_task(pump.request(lambda: 2**62 + 1))
            while len(pump._requests) < 2:
                await asyncio.sleep(0.001)
            given_up.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await given_up
            await client.close()
            with self.assertRaises(pawl.ClosedError):
                await kept

        self.play(scene)

    def test_requests_complete_while_nobody_reads_the_events(self) -> None:
        async def scene() -> None:
            async with await self.new("alice") as alice, await self.new("bob") as bob:
                await self.met(alice, bob)
                there = pawl.aio.Conversation.open(alice, "bob@localhost")
                count = 100  # more than the row takes
                for number in range(count):
                    await there.send_text(str(number))
                texts: list[str | None] = []
                while len(texts) < count:
                    event = await until(bob, pawl.EventType.MESSAGE)
                    assert event.message is not None and event.message.content is not None
                    texts.append(event.message.content.text)
                self.assertEqual(texts, [str(number) for number in range(count)])

        with mock.patch.multiple("pawl._pump", _ENOUGH=64, _BATCH=16):
            self.play(scene)

    def test_an_upload_and_a_download(self) -> None:
        async def scene() -> None:
            async with await self.new("alice") as alice, await self.new("bob") as bob:
                await self.met(alice, bob)
                there = pawl.aio.Conversation.open(alice, "bob@localhost")
                content = bytes(range(256)) * 1000
                sending = pawl.aio.Upload.begin(there, len(content), name="all.bin")
                message_id, upload = sending.given
                async with upload:
                    await upload.write(content, 60_000)
                    self.assertEqual((await sending)[0], message_id)
                event = await until(bob, pawl.EventType.MESSAGE)
                self.assertEqual(event.message_id, message_id)
                await bob.attachment_download(message_id, f"{self.folder}/got")
                with open(f"{self.folder}/got", "rb") as got:
                    self.assertEqual(got.read(), content)

        self.play(scene)


if __name__ == "__main__":
    unittest.main(verbosity=2)
