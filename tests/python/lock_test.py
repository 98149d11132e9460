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
from rig import PATIENCE, WithRelay, until

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
        try:
            thread.start()
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
        """The wait ends with an event that the handler makes: it ran before the end, and was not the end."""
        client, requests = self.offline(), list[int]()
        self.drain(client)
        old = signal.signal(signal.SIGALRM, lambda *_: requests.append(client.attachment_cancel(bytes(16))))
        self.addCleanup(signal.signal, signal.SIGALRM, old)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        (event,) = client.wait_events(1, PATIENCE * 1000)
        self.assertEqual([event.request_id], requests)

    def test_a_wait_in_several_pieces_takes_all_of_its_time(self) -> None:
        client = self.offline()
        self.drain(client)
        began = time.monotonic()
        self.assertRaises(pawl.TimedOutError, client.wait_events, 1, 1000)
        self.assertGreaterEqual(time.monotonic() - began, 1.0)

    def drain(self, client: pawl.Client) -> None:
        """The completion of a request comes after the events of the beginning."""
        request = client.attachment_cancel(bytes(16))
        until(client, lambda event: event.type == pawl.EventType.COMPLETED and event.request_id == request)

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
            waits = list[tuple[float, int]]()
            while not any(waited > 0.1 and ticked > 3 for waited, ticked in waits):
                self.assertLess(len(waits), 20, waits)
                waits.append(self.read_during_a_change_of_key(client, read, len(waits), ticks))

    def read_during_a_change_of_key(
        self, client: pawl.Client, read: Callable[[], object], turn: int, ticks: list[float]
    ) -> tuple[float, int]:
        """How long a read took that may have waited for the change, and how often the other thread ran meanwhile."""
        changing = threading.Thread(target=client.change_key, args=(f"passphrase {turn}",))
        changing.start()
        time.sleep(0.02 * (turn % 5))
        began = time.monotonic()
        read()
        ended = time.monotonic()
        changing.join()
        return ended - began, sum(began < it < ended for it in ticks)


if __name__ == "__main__":
    unittest.main(verbosity=2)
