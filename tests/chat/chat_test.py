"""Plays the chat example: python3 chat_test.py CHAT RELAY."""

import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
import unittest

CHAT, RELAY = None, None
PATIENCE = 600  # a script that hangs gives up before


class Relay:
    def __init__(self, folder):
        self.process = subprocess.Popen(
            [RELAY, "--listen", "127.0.0.1:0", "--data", f"{folder}/relay", "--dev-cert", "--rate-scale", "100"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.pin = None
        while not (self.url and self.pin):
            word, value = self.process.stdout.readline().split()[:2]
            if word == "url":
                self.url = value
            elif word == "pin":
                self.pin = value

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class ChatTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name
        self.relay = Relay(self.path)
        self.addCleanup(self.folder.cleanup)
        self.addCleanup(self.relay.stop)

    def command(self, name, *more):
        return [CHAT, "--store", f"{self.path}/{name}", "--relay", self.relay.url, "--pin", self.relay.pin,
                "--name", name, *more]

    def environment(self):
        return {**os.environ, "PAWL_CHAT_PASSPHRASE": "correct horse", "XDG_STATE_HOME": f"{self.path}/state",
                "TERM": "xterm"}

    def start(self, name, *lines):
        script = f"{self.path}/{name}.{time.monotonic_ns()}"
        with open(script, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        return subprocess.Popen(self.command(name, "--script", script), env=self.environment(), text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def finish(self, process):
        out, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, out)
        return out

    def heard_of(self, text):
        """Until the chat says what became of it: that it is at the relay, or, where that was overtaken, that they received it."""
        return f"/expect “{text}”"

    def meet(self):
        """They have each other as contacts, and each has heard so: an answer that its sender still had would wait."""
        self.finish(self.start("bob"))  # registered, for alice to find
        bob = self.start("bob", "/expect wants to talk", "/accept alice", "/expect alice: met")
        alice = self.start("alice", "/add bob Alice", "/expect bob said yes", "/to bob", "met", self.heard_of("met"))
        self.finish(alice)
        self.finish(bob)

    def test_two_people_talk(self):
        self.meet()
        bob = self.start("bob", "/to alice", "/expect hello bob, é 🐂", "hello alice", "/expect alice read “hello alice”")
        alice = self.start("alice", "/to bob", "hello bob, é 🐂", "/expect bob: hello alice",
                           "/expect bob read “hello bob", "/safety", "/expect Safety number", "/history", "/contacts")
        said = self.finish(alice)
        heard = self.finish(bob)
        self.assertIn("alice: hello bob, é 🐂", heard)
        self.assertRegex(said, r"Safety number with bob: (\d{5} ){11}\d{5}")
        self.assertRegex(said, r"\d\d:\d\d  you: hello bob, é 🐂  ✓✓ read")
        self.assertIn("bob: contact", said)

    def test_what_was_said_while_away_waits(self):
        self.meet()
        self.finish(self.start("alice", "/to bob", "one", "two", "/expect two” is at the relay"))
        heard = self.finish(self.start("bob", "/expect alice: two", "/to alice", "/history"))
        self.assertLess(heard.index("alice: one"), heard.index("alice: two"))

    def test_a_file_comes_through(self):
        self.meet()
        content = os.urandom(3_000_000)
        with open(f"{self.path}/picture.jpg", "wb") as out:
            out.write(content)
        alice = self.start("alice", "/to bob", f"/file {self.path}/picture.jpg look at this", "/expect is uploaded",
                           self.heard_of("picture.jpg"))
        bob = self.start("bob", "/expect file 1: picture.jpg, 3000 kB “look at this”", f"/get 1 {self.path}/got.jpg",
                         "/expect got.jpg")
        self.finish(alice)
        self.finish(bob)
        with open(f"{self.path}/got.jpg", "rb") as got:
            self.assertEqual(got.read(), content)

    def test_what_cannot_be_done_ends_a_script(self):
        process = self.start("alice", "nobody to talk to")
        out, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1)
        self.assertIn("/to", out)

    def test_help_and_mistakes(self):
        out = subprocess.run([CHAT, "--help"], capture_output=True, text=True, check=True).stdout
        self.assertIn("usage: chat", out)
        for bad in (["--nonsense", "x"], ["--store"], [], ["--store", "/tmp/x", "--pin", "zz"]):
            done = subprocess.run([CHAT, *bad], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn("chat:", done.stderr)

    def type_at(self, name):
        """A chat in a terminal of its own: (process, master descriptor)."""
        master, slave = pty.openpty()
        process = subprocess.Popen(self.command(name), env=self.environment(), stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        self.addCleanup(os.close, master)
        return process, master

    def read_until(self, master, pattern, seconds=120):
        shown = b""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    shown += os.read(master, 4096)
                except OSError:
                    break
            if re.search(pattern, shown.decode(errors="replace")):
                return shown.decode(errors="replace")
        self.fail(f"{pattern} was never shown: {shown!r}")

    def test_typing_in_a_terminal(self):
        self.meet()
        process, master = self.type_at("bob")
        self.read_until(master, "online")
        os.write(master, b"/to alice\r")
        self.read_until(master, "alice> ")
        os.write(master, b"half a li")
        self.read_until(master, "half a li")
        self.finish(self.start("alice", "/to bob", "in between\x1b[31m", self.heard_of("in between\x1b[31m")))
        shown = self.read_until(master, r"alice: in between[^\n]*\r\n.*alice> half a li")
        self.assertNotIn("\x1b[31m", shown, "a peer's escape codes must not reach the terminal")
        os.write(master, "né\x7f\x7fne\x1b[D\x1b[C.\r".encode())
        self.read_until(master, r"you: half a line\.")
        os.write(master, b"\x04")
        self.assertEqual(process.wait(timeout=PATIENCE), 0)


if __name__ == "__main__":
    CHAT, RELAY = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
