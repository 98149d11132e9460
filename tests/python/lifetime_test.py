"""Objects end when they should: by close, by the collector, from another thread, at the interpreter's exit, in a fork."""

import gc
import os
import subprocess
import sys
import textwrap
import threading
import time
import unittest
import weakref

import pawl
from rig import PATIENCE, Folder

ROUNDS = 1000


class LifetimeTest(Folder):
    def test_a_client_that_nobody_holds_gives_its_store_back(self) -> None:
        client = self.options("alice", flags=pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE, relay_url="wss://127.0.0.1:1")
        for _ in range(3):
            opened = pawl.Client.open(**client)
            self.assertRaises(pawl.StoreLockedError, lambda: pawl.Client.open(**client))
            del opened

    def test_a_conversation_keeps_its_client_alive(self) -> None:
        options = self.options("alice", flags=pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE, relay_url="wss://127.0.0.1:1")
        conversation = pawl.Conversation.open(pawl.Client.open(**options), "bob@localhost")
        gc.collect()
        self.assertRaises(pawl.StoreLockedError, lambda: pawl.Client.open(**options))
        conversation.set_typing(True)
        del conversation
        pawl.Client.open(**options).close()

    def test_a_client_in_a_cycle_is_collected(self) -> None:
        options = self.options("alice", flags=pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE, relay_url="wss://127.0.0.1:1")

        class App:
            def __init__(self) -> None:
                self.itself = self
                self.client = pawl.Client.open(**options)

        gone = weakref.ref(App().client)
        gc.collect()
        self.assertIsNone(gone())
        pawl.Client.open(**options).close()

    def test_after_close_every_call_says_so(self) -> None:
        client = self.offline()
        with client as same:
            self.assertIs(same, client)
        client.close()
        self.assertRaises(pawl.ClosedError, client.wait_events, 1, 0)
        self.assertRaises(pawl.ClosedError, client.contacts)
        identity = pawl.Identity.create("alice@example.org")
        identity.close()
        self.assertRaises(pawl.ClosedError, identity.bundle)

    def test_the_collector_runs_while_a_call_waits(self) -> None:
        client = self.offline()
        waits = threading.Thread(target=self.wait_to_the_end, args=(client,))
        waits.start()
        for _ in range(50):
            garbage = [pawl.Identity.create("alice@example.org") for _ in range(3)]
            garbage.append(garbage)  # type: ignore[arg-type]
            del garbage
            gc.collect()
        client.close()
        waits.join(PATIENCE)
        self.assertFalse(waits.is_alive())

    def test_the_last_reference_goes_while_another_thread_waits(self) -> None:
        flags = pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE
        client = pawl.Client.open(**self.options("alice", flags=flags, relay_url="wss://127.0.0.1:1"))
        started = threading.Event()
        outcomes: list[str] = []

        def wait(held: pawl.Client) -> None:
            started.set()
            try:
                while True:
                    held.wait_events(100, 2000)
            except pawl.PawlError as error:
                outcomes.append(type(error).__name__)

        thread = threading.Thread(target=wait, args=(client,))
        thread.start()
        started.wait(PATIENCE)
        del client
        gc.collect()
        thread.join(PATIENCE)
        self.assertEqual(outcomes, ["TimedOutError"])

    def wait_to_the_end(self, client: pawl.Client) -> None:
        try:
            while True:
                try:
                    client.wait_events(100, -1)
                except pawl.TimedOutError:
                    pass
        except pawl.ClosedError:
            pass

    def test_close_from_another_thread_ends_a_wait(self) -> None:
        """One client for each round; three threads wait or work on it while the main one closes it."""
        flags = pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE
        options = self.options("alice", flags=flags, relay_url="wss://127.0.0.1:1")
        failures: list[BaseException] = []

        def run(client: pawl.Client, barrier: threading.Barrier, use: str) -> None:
            try:
                barrier.wait(PATIENCE)
                if use == "wait":
                    self.wait_to_the_end(client)
                while use == "work":
                    client.contacts()
                    client.set_online(False)
            except pawl.ClosedError:
                pass
            except BaseException as error:
                failures.append(error)

        for turn in range(ROUNDS):
            client = pawl.Client.open(**options)
            barrier = threading.Barrier(4)
            threads = [threading.Thread(target=run, args=(client, barrier, use)) for use in ("wait", "wait", "work")]
            for thread in threads:
                thread.start()
            barrier.wait(PATIENCE)
            if turn % 2:
                time.sleep(0.002)  # for the waits to block: the other rounds close while they begin
            client.close()
            for thread in threads:
                thread.join(PATIENCE)
                self.assertFalse(thread.is_alive())
            del client
        self.assertEqual(failures, [])

    def run_program(self, code: str) -> subprocess.CompletedProcess[str]:
        head = f"import gc, os, sys, threading, time, warnings, pawl\noptions = {self.program_options()!r}\n"
        return subprocess.run(
            [sys.executable, "-c", head + textwrap.dedent(code)], text=True, capture_output=True, timeout=PATIENCE, check=False
        )

    def program_options(self) -> dict[str, object]:
        options = self.options("alice", relay_url="wss://127.0.0.1:1")
        return {**options, "flags": int(pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE)}

    def test_the_interpreter_exits_with_an_open_client(self) -> None:
        for code in (
            "client = pawl.Client.open(**options)",
            "client = pawl.Client.open(**options); sys.modules['kept'] = client",
            "client = pawl.Client.open(**options); there = pawl.Conversation.open(client, 'bob@localhost'); del client",
            "client = pawl.Client.open(**options); cycle = [client]; cycle.append(cycle); sys.exit(0)",
        ):
            with self.subTest(code):
                done = self.run_program(code)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_interpreter_exits_while_a_daemon_thread_waits(self) -> None:
        done = self.run_program("""
            client = pawl.Client.open(**options)
            def wait():
                while True:
                    try:
                        client.wait_events(10, -1)
                    except pawl.TimedOutError:
                        pass
            thread = threading.Thread(target=wait, daemon=True)
            thread.start()
            while not thread.is_alive():
                pass
        """)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_forked_child_is_refused_and_the_parent_goes_on(self) -> None:
        done = self.run_program("""
            client = pawl.Client.open(**options)
            identity = pawl.Identity.create("alice@example.org")
            warnings.simplefilter("ignore", DeprecationWarning)  # of 3.12 and later: a fork beside other threads
            if "LD_PRELOAD" in os.environ:  # a lock of a sanitizer's allocator that they held would be held in the child for ever
                client.suspend()
            child = os.fork()
            if child == 0:
                refused = 0
                for call in (lambda: client.set_online(False), client.contacts, lambda: client.wait_events(1, 0), identity.bundle):
                    try:
                        call()
                    except pawl.ForkedError:
                        refused += 1
                client.close()
                del client, identity
                gc.collect()
                fresh = pawl.Identity.create("bob@example.org")
                os._exit(refused)
            _, status = os.waitpid(child, 0)
            client.resume()  # nothing, where it was not suspended
            client.set_online(False)
            identity.bundle()
            client.close()
            print(os.waitstatus_to_exitcode(status))
        """)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "4\n", ""))

    def test_the_lock_is_free_while_a_call_waits(self) -> None:
        client = self.offline()
        ticks = 0
        waits = threading.Thread(target=self.wait_to_the_end, args=(client,))
        waits.start()
        began = time.monotonic()
        while ticks <= 1000 or time.monotonic() < began + 0.5:  # for the wait to begin
            ticks += 1
            self.assertLess(time.monotonic(), began + PATIENCE)
        client.close()
        waits.join(PATIENCE)
        self.assertFalse(waits.is_alive())


if __name__ == "__main__":
    os.environ.setdefault("PYTHONFAULTHANDLER", "1")
    unittest.main(verbosity=2)
