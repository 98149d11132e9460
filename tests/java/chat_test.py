"""examples/Chat.java talks to the chat in C++: python3 chat_test.py JAVA CHAT_JAVA JAR LIBRARY CHAT RELAY."""

import os
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

JAVA = CHAT_JAVA = JAR = LIBRARY = CHAT = RELAY = ""
SAID = "hé, did you get the keys? 🐂"
RUDE = "\x1b[31mred \x07\x9b\u202e"  # what a terminal would obey


class Relay:
    def __init__(self, folder: str) -> None:
        command = [RELAY, "--listen", "127.0.0.1:0", "--data", f"{folder}/relay", "--dev-cert", "--rate-scale", "100"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = {}
        while len(said.keys() & {"url", "pin"}) < 2:
            word, value = self.process.stdout.readline().split()[:2]
            said[word] = value
        self.url, self.pin = said["url"], said["pin"]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Java:
    """Chat.java, being typed at."""

    def __init__(self, folder: str, relay: Relay, name: str, peer: str, environment: dict[str, str]) -> None:
        command = [JAVA, "-Xcheck:jni", f"-Dorg.pawl.library.path={LIBRARY}", "-Dfile.encoding=UTF-8", "-cp", JAR, CHAT_JAVA,
                   f"{folder}/store", relay.url, relay.pin, name, peer]  # fmt: skip
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env=environment, encoding="utf-8")  # fmt: skip
        self.said: list[str] = []
        self.more = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self.more:
                self.said.append(line.rstrip())
                self.more.notify_all()

    def type(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def expect(self, words: str) -> None:
        with self.more:
            if not self.more.wait_for(lambda: any(words in line for line in self.said), timeout=120):
                raise AssertionError(f"{words!r} never came: {self.said}")

    def finish(self) -> int:
        self.process.stdin.close()
        status = self.process.wait(timeout=120)
        self.reader.join()
        self.process.stdout.close()
        return status


class ChatTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = folder.name
        self.relay = Relay(self.path)
        self.addCleanup(self.relay.stop)
        self.environment = {**os.environ, "PAWL_CHAT_PASSPHRASE": "correct horse", "XDG_STATE_HOME": f"{self.path}/state",
                            "LC_ALL": "C.UTF-8"}  # fmt: skip

    def cpp(self, *lines: str) -> "subprocess.Popen[str]":
        script = Path(self.path) / "script"
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [CHAT, "--store", f"{self.path}/bob", "--relay", self.relay.url, "--pin", self.relay.pin, "--name", "bob",
                   "--script", str(script)]  # fmt: skip
        return subprocess.Popen(command, env=self.environment, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def test_java_and_cpp_talk(self) -> None:
        java = Java(self.path, self.relay, "alice@localhost", "bob@localhost", self.environment)
        java.expect("you are alice@localhost")
        java.expect("connection: ONLINE")
        last = ("see you", "/expect “see you”")  # which is at the relay, or received, where that was overtaken
        bob = self.cpp("/to alice", SAID, RUDE, "/expect alice: thank you 🐕", *last)
        java.expect("bob@localhost wants to talk: /accept")
        java.type("/accept")
        java.expect(f"bob@localhost: {SAID}")
        java.expect("bob@localhost: ?[31mred ???")
        java.type("thank you 🐕")
        java.expect("bob@localhost: see you")
        out, _ = bob.communicate(timeout=120)
        self.assertEqual(bob.returncode, 0, out)
        self.assertEqual(java.finish(), 0, java.said)
        self.assertEqual([it for it in java.said if not it.isprintable()], [])
        self.assertFalse([it for it in java.said if "WARNING" in it or "Exception" in it], java.said)


if __name__ == "__main__":
    JAVA, CHAT_JAVA, JAR, LIBRARY, CHAT, RELAY = sys.argv[1:7]
    unittest.main(argv=sys.argv[:1] + sys.argv[7:], verbosity=2)
