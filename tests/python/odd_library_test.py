"""A library that answers what this release has no name for, or asks for more room: loaded before the real one."""

import os
import subprocess
import sys
import textwrap
import unittest

from rig import Folder, host_key


class OddLibraryTest(Folder):
    def run_with(self, odd: str, code: str) -> str:
        preloaded = ":".join(it for it in (os.environ.get("LD_PRELOAD"), os.environ["PAWL_ODD_LIBRARY"]) if it)
        environment = {**os.environ, "LD_PRELOAD": preloaded, "PAWL_ODD": odd, "FOLDER": self.folder}
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)], env=environment, text=True, capture_output=True, timeout=300, check=False
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def opened(self) -> str:
        return f"""
            import os, pawl
            client = pawl.Client.open(flags=pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE, store_dir=os.environ["FOLDER"] + "/s",
                                      anchor_dir=os.environ["FOLDER"] + "/a", host_key={host_key("s")!r}, relay_url="wss://127.0.0.1:1")
        """

    def test_a_buffer_that_was_too_small_is_asked_for_again_and_the_ratchet_has_not_moved(self) -> None:
        out = self.run_with("size", """
            import pawl
            alice, bob = pawl.Identity.create("alice@example.org"), pawl.Identity.create("bob@example.org")
            session = pawl.Session.initiate(alice, bob.bundle())
            assert session.encrypted_size(5) == 16
            envelope = session.encrypt(b"hello")
            print(len(envelope) > 16, session.get_info().unanswered, pawl.Session.accept(bob, alice.bundle(), None, envelope).data)
        """)  # fmt: skip
        self.assertEqual(out, "True 1 b'hello'\n")

    def test_events_and_statuses_without_a_name_are_plain_numbers(self) -> None:
        out = self.run_with("event", self.opened() + """
            client.attachment_cancel(bytes(16))
            event = client.wait_events(1, 60_000)[0]
            print(event.type, type(event.type).__name__, event.status, type(event.status).__name__, event.address)
            client.close()
        """)  # fmt: skip
        self.assertEqual(out, "7777 int -599 int not \ufffd UTF-8\n")

    def test_events_without_a_name_reach_an_asyncio_app(self) -> None:
        out = self.run_with("event", f"""
            import asyncio, os, pawl, pawl.aio
            async def main():
                flags = pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE
                async with await pawl.aio.Client.open(flags=flags, store_dir=os.environ["FOLDER"] + "/s", relay_url="wss://127.0.0.1:1",
                        anchor_dir=os.environ["FOLDER"] + "/a", host_key={host_key("s")!r}) as client:
                    client.attachment_cancel(bytes(16))
                    async for event in client:
                        print(event.type)
                        return
            asyncio.run(main())
        """)  # fmt: skip
        self.assertEqual(out, "7777\n")

    def test_a_failure_without_a_name_is_of_the_class_of_its_hundred(self) -> None:
        out = self.run_with("status", self.opened() + """
            try:
                client.set_online(True)
            except pawl.PawlError as error:
                print(type(error).__name__, error.code, type(error.code).__name__, error)
            client.close()
        """)  # fmt: skip
        self.assertEqual(out, "NetworkError -577 int UNKNOWN\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
