"""The interpreter's lock is free while a call waits, and signals are handled: Ctrl-C ends a wait."""

import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest
from collections.abc import Callable

import pawl
from rig import PATIENCE, WithRelay

INTERRUPTED = """
import os, signal, threading, time, pawl
client = pawl.Client.open(**{options!r})
upload = pawl.Upload.begin(pawl.Conversation.open(client, "bob@localhost"), 50 << 20).upload
def interrupt():
    time.sleep(0.5)  # for the wait to begin; nothing says that it has
    os.kill(os.getpid(), signal.SIGINT)
for timeout in (-1, 600_000):
    for wait in (lambda: client.wait_events(1, timeout), lambda: upload.write(bytes(1 << 20), timeout)):
        thread = threading.Thread(target=interrupt)
        thread.start()
        try:
            while True:  # to the last event, to the last byte that there is room for
                wait()
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        thread.join()
client.close()
"""


class LockTest(WithRelay):
    def test_ctrl_c_ends_a_wait(self) -> None:
        self.registered("alice").close()
        options = self.reached("alice", flags=int(pawl.ClientFlag.OFFLINE))
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(INTERRUPTED).format(options=options)],
            text=True, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "interrupted\n" * 4, ""))

    def test_a_handler_that_raises_nothing_runs_during_a_wait_and_does_not_end_it(self) -> None:
        client, handled = self.offline(), list[float]()
        old = signal.signal(signal.SIGALRM, lambda *_: handled.append(time.monotonic()))
        self.addCleanup(signal.signal, signal.SIGALRM, old)
        self.drain(client)
        began = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        self.assertRaises(pawl.TimedOutError, client.wait_events, 1, 2000)
        ended = time.monotonic()
        self.assertGreaterEqual(ended - began, 2.0)
        self.assertEqual(len(handled), 1)
        self.assertLess(handled[0] - began, 1.5)

    def drain(self, client: pawl.Client) -> None:
        try:
            while True:
                client.wait_events(100, 0)
        except pawl.TimedOutError:
            pass

    def test_reading_the_store_lets_go_of_the_lock_while_the_key_changes(self) -> None:
        client, stop, ticks = self.offline(), threading.Event(), list[float]()

        def tick() -> None:
            while not stop.wait(0.005):
                ticks.append(time.monotonic())

        ticking = threading.Thread(target=tick)
        ticking.start()
        self.addCleanup(ticking.join)
        self.addCleanup(stop.set)
        for read in (client.contacts, client.conversations):
            began, ended = self.read_during_a_change_of_key(client, read)
            self.assertGreater(len([it for it in ticks if began < it < ended]), 3)

    def read_during_a_change_of_key(self, client: pawl.Client, read: Callable[[], object]) -> tuple[float, float]:
        """When a read that waited for the change began and ended."""
        for turn in range(20):
            changing = threading.Thread(target=client.change_key, args=(f"passphrase {turn}",))
            changing.start()
            time.sleep(0.02 * (turn % 5))
            began = time.monotonic()
            read()
            ended = time.monotonic()
            changing.join()
            if ended - began > 0.1:
                return began, ended
        raise AssertionError("no read ever waited for a change of the key")


if __name__ == "__main__":
    unittest.main(verbosity=2)
