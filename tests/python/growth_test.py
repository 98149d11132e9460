"""Calls leave nothing behind: a million by default, PAWL_GROWTH_CALLS=10000000 for the long run."""

import os
import unittest

import pawl
from rig import Folder

CALLS = int(os.environ.get("PAWL_GROWTH_CALLS", "1000000"))
# What the process may be larger after all calls than after the first tenth.
GROWTH = 4 << 20


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class GrowthTest(Folder):
    def one_round(self, client: pawl.Client, identity: pawl.Identity, session: pawl.Session, peer: pawl.Session) -> int:
        """Some of everything, results and failures; how many calls it was."""
        for _ in range(40):
            identity.address()
            session.get_info()
            pawl.Content(kind=pawl.ContentKind.TEXT, text="hello", data=b"x", ref=bytes(16))
            client.event_fd()
            pawl.status_name(-301)
        for _ in range(10):
            for wrong in (b"short", None, "text"):
                try:
                    session.decrypt(wrong)  # type: ignore[arg-type]
                except (pawl.PawlError, TypeError):
                    pass
            try:
                client.wait_events(2**32, 0)
            except OverflowError:
                pass
            client.contacts()
        peer.decrypt(session.encrypt(memoryview(b"there")))
        session.decrypt(peer.encrypt(bytearray(b"and back")))
        with pawl.Conversation.open(client, "bob@localhost") as conversation:
            conversation.history(0, 10)
        return 200 + 50 + 4 + 2

    def test_a_million_calls_leave_nothing_behind(self) -> None:
        client = self.offline()
        identity, other = pawl.Identity.create("alice@localhost"), pawl.Identity.create("bob@localhost")
        session = pawl.Session.initiate(identity, other.bundle())
        peer = pawl.Session.accept(other, identity.bundle(), None, session.encrypt(b"hi")).session
        session.decrypt(peer.encrypt(b"hi"))
        calls, start = 0, 0
        while calls < CALLS:
            calls += self.one_round(client, identity, session, peer)
            if not start and calls >= CALLS // 10:
                start = resident()
        grown = resident() - start
        print(f"{calls} calls: {start >> 10} KiB, then {grown >> 10:+} KiB")
        self.assertLess(grown, GROWTH)


if __name__ == "__main__":
    unittest.main(verbosity=2)
