#!/usr/bin/env python3
"""A client and a peek on one store: SIGSTOP and SIGKILL for both, at random, while messages flow both ways.

In the end every message must have arrived once and in order, although somebody looked on all the time. The peek must
never change a byte of the store, never hold a lock between two calls, never call an envelope unreadable and never
block for longer than a bound, also while the client is stopped in the middle of anything. A client that was killed is
replaced at once by another process, which takes its lease over.
"""

import argparse
import hashlib
import os
import pathlib
import secrets
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "kill"))
from kill_test import PATIENCE_S, Child, Failure, World  # noqa: E402

# A fetch of 3 s, three times the store's patience, what we stop it for ourselves, and a CPU that it has to wait for.
LONGEST_MS = 30_000
FINE = {"OK", "TIMEOUT"}
# While its client dies or begins, a peek may find nobody can begin to read, or be too early.
PASSING = {"STORE_LOCKED", "DISCONNECTED", "WRONG_STATE", "NOT_FOUND"}


def fingerprint(store):
    """Of all that a commit would change."""
    digest = hashlib.sha256()
    for name in ("pawl.db", "pawl.db-wal", "key.wrap"):
        path = store / name
        digest.update(name.encode() + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()


def stop_wholly(child):
    """Until the last of its threads has come out of what it was writing."""
    child.process.send_signal(signal.SIGSTOP)
    how = os.waitid(os.P_PID, child.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    if how.si_code != os.CLD_STOPPED:
        raise Failure(f"{child.name} ended by itself")


class TwoProcesses(World):
    def __init__(self, args, folder):
        super().__init__(args, folder)
        self.bob = self.people["bob"]
        self.store = folder / "bob"
        self.watcher = Child("watcher", lambda: [args.watcher, str(self.store), str(folder / "bob-anchors")], folder)
        self.peeks, self.messages, self.longest_ms, self.passing = 0, 0, 0, 0

    def children(self):
        return [*super().children(), self.watcher] if hasattr(self, "watcher") else super().children()

    def take(self, fields):
        """One line of the watcher's."""
        if fields[0] != "peek":
            return
        status, messages, unreadable, ms, locks = fields[1], *map(int, fields[2:])
        self.peeks += 1
        self.messages += messages
        self.longest_ms = max(self.longest_ms, ms)
        self.passing += status in PASSING
        if status not in FINE | PASSING:
            raise Failure(f"a peek ended with {status}")
        if unreadable:
            raise Failure(f"{unreadable} envelopes were unreadable")
        if locks:
            raise Failure(f"{locks} locks are held between two calls")
        if ms > LONGEST_MS:
            raise Failure(f"a peek took {ms} ms")

    def listen(self, seconds):
        """Takes what the watcher says for so long; how many peeks were good ones."""
        good, deadline = 0, time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            fields = self.watcher.line(left)
            if fields is None:
                if self.watcher.process.poll() is not None:
                    raise Failure(f"the watcher ended by itself with {self.watcher.process.returncode}")
                continue
            self.take(fields)
            good += fields[0] == "peek" and fields[1] == "OK"
        return good

    def await_peeks(self, count):
        good, deadline = 0, time.monotonic() + PATIENCE_S
        while good < count:
            if time.monotonic() > deadline:
                raise Failure(f"{good} of {count} peeks in {PATIENCE_S} s")
            good += self.listen(0.2)

    def start_watcher(self):
        self.watcher.start()
        self.watcher.wait_for("ready", PATIENCE_S)

    def stop_a_while(self, child):
        child.process.send_signal(signal.SIGSTOP)
        if child is self.watcher:
            time.sleep(self.random.uniform(0.01, 0.2))
        else:
            self.listen(self.random.uniform(0.05, 0.5))
        child.process.send_signal(signal.SIGCONT)

    def kill_and_replace(self, child):
        """The lease of the dead is free at once: the next process becomes the writer without waiting."""
        child.kill()
        if child is self.watcher:
            return self.start_watcher()
        self.start(child)

    def nothing_changes(self, what):
        """Two whole peeks over a store whose client cannot write."""
        before = fingerprint(self.store)
        self.await_peeks(3)  # the first may have begun before
        if fingerprint(self.store) != before:
            raise Failure(f"a peek changed the store while its client was {what}")

    def hold_still(self):
        stop_wholly(self.bob)
        self.nothing_changes("stopped")
        self.bob.kill()
        self.nothing_changes("dead")
        self.start(self.bob)

    def run(self):
        began = time.monotonic()
        self.begin()
        actions = [self.stop_a_while, self.stop_a_while, self.kill_and_replace]
        self.hold_still()
        until = time.monotonic() + self.args.seconds
        while time.monotonic() < until:
            self.random.choice(actions)(self.random.choice([self.bob, self.watcher]))
            self.listen(self.random.uniform(0.02, 0.3))
        self.hold_still()
        self.watcher.close()
        sent = self.drain()
        self.check(sent)
        if self.messages == 0:
            raise Failure("the watcher never saw a message")
        print(f"{self.peeks} peeks saw {self.messages} messages, the longest took {self.longest_ms} ms, {self.passing} came "
              f"at a bad moment; {sent} all arrived once, in order, in {time.monotonic() - began:.0f} s")

    def drain(self):
        watcher = self.watcher
        del self.watcher
        try:
            return super().drain()
        finally:
            self.watcher = watcher

    def begin(self):
        for child in [self.relay, *self.people.values()]:
            self.start(child)
        for child in self.people.values():
            child.wait_for("registered", PATIENCE_S)
        for child in self.people.values():
            child.tell("go")
        self.met = True
        self.start_watcher()

    def await_ready(self, child):
        return child.wait_for("ready", PATIENCE_S) is not None if child is not self.relay else super().await_ready(child)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("relay", "actor", "watcher", "source"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("PAWL_PEEK_SECONDS", "8")))
    parser.add_argument("--interval", type=int, default=20, help="ms between two messages of one side")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    folder = tempfile.TemporaryDirectory(prefix="pawl-peek-")
    world = TwoProcesses(args, pathlib.Path(folder.name))
    try:
        world.run()
    except Failure as failure:
        print(f"FAILED: {failure}")
        folder._finalizer.detach()  # what happened stays to be looked at
        return 1
    finally:
        for child in world.children():
            child.close()
    folder.cleanup()
    return 0


if __name__ == "__main__":
    sys.exit(main())
