"""What pawl.aio does with events that nobody reads: there is an end to how many it takes, and requests complete all the same."""

import asyncio
import unittest
from unittest import mock

import pawl
import pawl.aio
from aio_rig import AioScene
from rig import WithRelay


class AioUnreadTest(AioScene, WithRelay):
    async def crowd(self, client: pawl.aio.Client, most: int = 10_000) -> int:
        """Makes events until the row is full and the client takes no more requests; how many it took."""
        taken, refused = 0, 0
        while refused < 100 and taken < most:
            try:
                client._native.attachment_cancel(bytes(16))  # a completion that no Request is there for
                taken, refused = taken + 1, 0
            except pawl.WouldBlockError:
                refused += not client._pump._reads  # else the client's thread or the loop is late
                await asyncio.sleep(0.01)
        return taken

    async def read(self, client: pawl.aio.Client, completions: int) -> None:
        while completions:
            completions -= (await anext(client)).type == pawl.EventType.COMPLETED

    def test_a_request_that_nobody_awaits_does_not_make_the_row_of_events_endless(self) -> None:
        async def scene() -> None:
            async with await self.offline_aio() as client:
                client.account_register("alice@localhost")
                taken = await self.crowd(client)
                self.assertLess(len(client._pump._events), 1024 + 256)
                await self.read(client, taken)

        self.play(scene)

    def test_who_awaits_a_completion_behind_too_many_events_is_told_so_and_the_request_goes_on(self) -> None:
        async def scene() -> None:
            async with await self.offline_aio() as client:
                registering = asyncio.ensure_future(client.account_register("alice@localhost"))
                await asyncio.sleep(0)
                taken = await self.crowd(client, 2400)
                with self.assertRaisesRegex(RuntimeError, "iterate over the client"):
                    await registering
                self.assertLess(len(client._pump._events), 2048 + 256)
                missing = client.attachment_cancel(bytes(16))
                with self.assertRaisesRegex(RuntimeError, "iterate over the client"):
                    await missing
                await self.read(client, taken)
                with self.assertRaises(pawl.NotFoundError):
                    await missing

        with mock.patch("pawl._pump._MOST", 2 << 20):
            self.play(scene)

    def test_a_request_completes_behind_many_events_that_nobody_reads(self) -> None:
        async def scene() -> None:
            async with await self.offline_aio() as client:
                taken = await self.crowd(client)
                self.assertGreater(taken, 1024)
                with self.assertRaises(pawl.NotFoundError):
                    await self.retried(client)

        self.play(scene)

    async def retried(self, client: pawl.aio.Client) -> None:
        while True:
            try:
                missing = client.attachment_cancel(bytes(16))
            except pawl.WouldBlockError:
                await anext(client)
                await asyncio.sleep(0.01)
            else:
                await missing

    def test_the_newest_event_of_the_connection_stands_for_those_before_it(self) -> None:
        async def scene() -> None:
            client = await pawl.aio.Client.open(**self.reached("alice"))
            await client.account_register("alice@localhost")
            for turn in range(1, 20):
                client.set_online(turn % 2 == 0)
                await asyncio.sleep(0.02)
            await client.close()
            self.assertEqual([it.type async for it in client].count(pawl.EventType.CONNECTION), 1)

        self.play(scene)


if __name__ == "__main__":
    unittest.main(verbosity=2)
