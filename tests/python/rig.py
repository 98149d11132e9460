"""What the tests of the Python package share: a relay of their own, clients on it, and waiting for an event."""

import hashlib
import os
import subprocess
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pawl

RELAY = os.environ["PAWL_RELAY"]
SOURCE = Path(os.environ["PAWL_SOURCE_DIR"])
# Long enough for a machine that does many things at once; nothing waits so long when all is well.
PATIENCE = 120


def bare_environment() -> dict[str, str]:
    """For programs that are not Python: a sanitizer's runtime that was preloaded for the interpreter is not theirs."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}


def host_key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


class Relay:
    """pawl-relay with a certificate of its own, on a port that the system chose."""

    def __init__(self, folder: str) -> None:
        command = [RELAY, "--listen", "127.0.0.1:0", "--data", f"{folder}/relay", "--dev-cert", "--rate-scale", "100"]
        self.process = subprocess.Popen(
            command, env=bare_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        self.said: dict[str, str] = {}
        while not {"url", "pin"} <= self.said.keys():
            word, value = self.process.stdout.readline().split()[:2]
            self.said[word] = value

    @property
    def url(self) -> str:
        return self.said["url"]

    @property
    def pin(self) -> bytes:
        return bytes.fromhex(self.said["pin"])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Folder(unittest.TestCase):
    """A test with a folder to write to."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def options(self, name: str, **more: Any) -> dict[str, Any]:
        """How the client of this name is opened, without a relay."""
        plain = {"flags": pawl.ClientFlag.CREATE, "store_dir": f"{self.folder}/{name}", "host_key": host_key(name)}
        return {**plain, "anchor_dir": f"{self.folder}/anchor-{name}", **more}

    def offline(self, name: str = "alice") -> pawl.Client:
        """A client that never connects."""
        flags = pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE
        client = pawl.Client.open(**self.options(name, flags=flags, relay_url="wss://127.0.0.1:1"))
        self.addCleanup(client.close)
        return client


class WithRelay(Folder):
    """A test with a relay, too."""

    def setUp(self) -> None:
        super().setUp()
        self.relay = Relay(self.folder)
        self.addCleanup(self.relay.stop)

    def reached(self, name: str, **more: Any) -> dict[str, Any]:
        """How the client of this name is opened, with the relay."""
        return self.options(name, relay_url=self.relay.url, pinned_spki=self.relay.pin, **more)

    def open(self, name: str) -> pawl.Client:
        client = pawl.Client.open(**self.reached(name))
        self.addCleanup(client.close)
        return client

    def registered(self, name: str) -> pawl.Client:
        client = self.open(name)
        client.account_register(f"{name}@localhost")
        until(client, lambda event: event.type == pawl.EventType.REGISTERED)
        return client


def until(client: pawl.Client, wanted: Callable[[pawl.Event], bool]) -> pawl.Event:
    """Takes and acknowledges events up to the first that is wanted."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            events = client.wait_events(1, 1000)
        except pawl.TimedOutError:
            continue
        for event in events:
            if event.seq:
                client.ack(event.seq)
            if wanted(event):
                return event
    raise AssertionError("the event never came")
