"""Calls leave nothing behind, each operation by itself: ten million calls, or PAWL_GROWTH_CALLS."""

import contextlib
import gc
import os
import sys
import unittest
from collections.abc import Callable
from pathlib import Path

import pawl
from rig import Folder

CALLS = int(os.environ.get("PAWL_GROWTH_CALLS", "10000000"))
# What may be there more after a half of an operation's calls: blocks of Python's allocator, and bytes of the process. One
# block for each call would be thousands; a leak of the library's in each call is as large as that many calls make it.
BLOCKS, BYTES = 64, 128 << 10


def own() -> int:
    """Memory of the process alone, in RAM or swapped out: pages of files come and go as the system likes."""
    with open("/proc/self/status", encoding="ascii") as status:
        lines = dict(line.split(":", 1) for line in status)
    return sum(int(lines[it].split()[0]) for it in ("RssAnon", "VmSwap")) * 1024


def repeated(operation: Callable[[], object], times: int) -> tuple[int, int]:
    """How much more there is after so many calls: (blocks, bytes)."""
    gc.collect()
    blocks, memory = sys.getallocatedblocks(), own()
    for _ in range(times):
        operation()
    gc.collect()
    return sys.getallocatedblocks() - blocks, own() - memory


def failing(operation: Callable[[], object], *kinds: type[Exception]) -> Callable[[], None]:
    def fails() -> None:
        with contextlib.suppress(*kinds):
            operation()
            raise AssertionError("it did not fail")

    return fails


class GrowthTest(Folder):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.offline()
        self.identity, other = pawl.Identity.create("alice@example.org"), pawl.Identity.create("bob@example.org")
        self.session = pawl.Session.initiate(self.identity, other.bundle())
        self.peer = pawl.Session.accept(other, self.identity.bundle(), None, self.session.encrypt(b"hello")).session
        self.session.decrypt(self.peer.encrypt(b"hi"))
        self.content = pawl.Content(kind=pawl.ContentKind.TEXT, text="hello", data=b"x", ref=bytes(16))
        self.sealed = self.identity.save(bytes(32))

    def leaves_nothing(self, operation: Callable[[], object], calls: int) -> None:
        """Calls it so often, after a tenth to warm up. What is there more after one half only did not come of the calls."""
        repeated(operation, calls // 10)
        first, second = repeated(operation, calls // 2), repeated(operation, calls // 2)
        blocks, memory = min(first[0], second[0]), min(first[1], second[1])
        print(f"{calls:9} calls: {first}, {second}")
        self.assertLess(blocks, BLOCKS)
        self.assertLess(memory, BYTES)

    def there_and_back(self) -> None:
        self.peer.decrypt(self.session.encrypt(memoryview(b"there")))
        self.session.decrypt(self.peer.encrypt(bytearray(b"and back")))

    def an_event(self) -> None:
        request = self.client.attachment_cancel(bytes(16))
        while all(it.request_id != request for it in self.client.wait_events(10, 60_000)):
            pass

    def history(self) -> None:
        with pawl.Conversation.open(self.client, "bob@localhost") as conversation:
            conversation.history(0, 10)

    def cheap(self) -> dict[str, Callable[[], object]]:
        session, client, content = self.session, self.client, self.content
        return {
            "a number": client.event_fd,
            "a text": self.identity.address,
            "a name": lambda: pawl.status_name(-301),
            "a result": session.get_info,
            "a record": lambda: pawl.Content(kind=pawl.ContentKind.TEXT, text="hello", data=b"x", ref=bytes(16)),
            "a record's text, hash and equality": lambda: (repr(content), hash(content), content == self.content),
            "a value": lambda: repr(pawl.Id(bytes(16))),
            "an argument of a wrong type": failing(lambda: session.decrypt(None), TypeError),  # type: ignore[arg-type]
            "an argument of a wrong name": failing(lambda: pawl.Content(foo=1), TypeError),  # type: ignore[call-arg]
            "a number out of range": failing(lambda: client.wait_events(2**32, 0), OverflowError),
            "a value of a wrong size": failing(lambda: client.attachment_cancel(b"short"), ValueError),
            "a failure": failing(lambda: session.decrypt(b"short"), pawl.PawlError),
            "no event": failing(lambda: client.wait_events(1, 0), pawl.TimedOutError),
            "an object": lambda: pawl.Conversation.open(client, "bob@localhost"),
        }

    def costly(self) -> dict[str, Callable[[], object]]:
        return {
            "messages": self.there_and_back,
            "an envelope that is none": failing(lambda: self.session.decrypt(bytes(300)), pawl.PawlError),
            "a session": lambda: pawl.Session.initiate(self.identity, self.peer_bundle),
            "an identity from what was saved": lambda: pawl.Identity.restore(self.sealed, bytes(32)),
            "an event": self.an_event,
            "a list": self.client.contacts,
            "history": self.history,
            "an open that fails": failing(
                lambda: pawl.Client.open(store_dir=Path(f"{self.folder}/no/such"), host_key=bytes(32)), pawl.PawlError
            ),
        }

    def test_no_operation_leaves_anything_behind(self) -> None:
        with contextlib.suppress(pawl.TimedOutError):
            while True:
                self.client.wait_events(100, 0)
        self.peer_bundle = pawl.Identity.create("carol@example.org").bundle()
        for operations, calls in ((self.cheap(), CALLS // 14), (self.costly(), CALLS // 1000)):
            for name, operation in operations.items():
                with self.subTest(name):
                    print(f"{name:36}", end="")
                    self.leaves_nothing(operation, calls)


if __name__ == "__main__":
    unittest.main(verbosity=2)
