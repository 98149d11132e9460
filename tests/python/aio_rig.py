"""What the tests of pawl.aio share that need no relay."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pawl
import pawl.aio
from rig import PATIENCE, Folder


class AioScene(Folder):
    """A test that is played in a loop of its own."""

    def play(self, scene: Callable[[], Awaitable[Any]]) -> Any:
        async def within_patience() -> Any:
            return await asyncio.wait_for(scene(), PATIENCE)

        return asyncio.run(within_patience())

    def offline_options(self) -> dict[str, Any]:
        flags = pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE
        return self.options("alice", flags=flags, relay_url="wss://127.0.0.1:1")

    async def offline_aio(self) -> pawl.aio.Client:
        return await pawl.aio.Client.open(**self.offline_options())
