"""The Python examples in conversation with the chat in C++, over a real relay."""

import os
import signal
import subprocess
import sys
import threading
import unittest
from unittest import mock

import pawl
from rig import PATIENCE, SOURCE, WithRelay, bare_environment, until

CHAT = os.environ["PAWL_CHAT"]


class Program:
    """A running example: its lines are read as they come."""

    def __init__(self, test: unittest.TestCase, command: list[str], environment: dict[str, str]) -> None:
        self.test = test
        self.process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.lines: list[str] = []
        test.addCleanup(self.kill)

    def expect(self, words: str) -> None:
        """Reads on to a line with these words in it."""
        assert self.process.stdout is not None
        watchdog = threading.Timer(PATIENCE, self.process.kill)
        watchdog.start()
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                watchdog.cancel()
                return
        self.test.fail(f"{words!r} was never shown: {self.lines}")

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def finish(self) -> None:
        out, _ = self.process.communicate(timeout=PATIENCE)
        self.test.assertEqual(self.process.returncode, 0, "".join(self.lines) + out)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


class ExamplesTest(WithRelay):
    def own(self) -> dict[str, str]:
        return {"PAWL_CHAT_PASSPHRASE": "correct horse", "XDG_STATE_HOME": f"{self.folder}/state"}

    def python(self, program: str, name: str, *more: str) -> Program:
        command = [sys.executable, str(SOURCE / "examples" / program), f"{self.folder}/{name}", self.relay.url]
        return Program(self, [*command, f"{name}@localhost", *more, self.relay.said["pin"]], {**os.environ, **self.own()})

    def cpp(self, name: str, *lines: str) -> Program:
        script = f"{self.folder}/{name}.script"
        with open(script, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        command = [CHAT, "--store", f"{self.folder}/{name}", "--relay", self.relay.url, "--pin", self.relay.said["pin"]]
        return Program(self, [*command, "--name", name, "--script", script], {**bare_environment(), **self.own()})

    def test_the_bot_says_back_what_the_chat_in_cpp_says(self) -> None:
        bot = self.python("echo_bot.py", "bot")
        bot.expect("ready")
        alice = self.cpp(
            "alice", "/add bot Alice", "/expect bot said yes", "/to bot", "hello bot, é 🐂", "/expect bot: hello bot, é 🐂",
            "and again", "/expect bot: and again", "/expect bot read “and again”",
        )  # fmt: skip
        alice.finish()
        bot.process.send_signal(signal.SIGINT)
        bot.finish()

    def test_the_chat_in_python_talks_with_the_chat_in_cpp(self) -> None:
        self.registered_as_the_programs_do("bob").close()  # for alice to find
        bob = self.python("chat.py", "bob", "alice@localhost")
        alice = self.cpp(
            "alice", "/add bob Alice", "/expect bob said yes", "/to bob", "hello bob \x1b[31m é",
            "/expect bob: hello alice 🐂", "/expect bob read “hello bob",
        )  # fmt: skip
        bob.expect("alice@localhost wants to talk")
        bob.type("/accept")
        bob.expect("alice@localhost: hello bob ?[31m é")
        bob.type("hello alice 🐂")
        alice.finish()
        assert bob.process.stdin is not None
        bob.process.stdin.close()
        bob.process.stdin = None
        bob.finish()

    def test_the_bot_goes_on_after_it_died_between_an_answer_and_its_acknowledgement(self) -> None:
        alice = self.registered("alice")
        with self.registered_as_the_programs_do("bot") as bot:
            alice.contact_request("bot@localhost", "Alice")
            while not self.answered(bot):
                pass
        program = self.python("echo_bot.py", "bot")  # its store may still hold the answer
        until(alice, lambda event: event.type == pawl.EventType.CONTACT_ANSWER)
        pawl.Conversation.open(alice, "bot@localhost").send_text("are you there?")
        until(alice, lambda event: event.type == pawl.EventType.MESSAGE)
        program.process.send_signal(signal.SIGINT)
        program.finish()

    def registered_as_the_programs_do(self, name: str) -> pawl.Client:
        with mock.patch.dict(os.environ, self.own()):
            client = pawl.Client.open(
                flags=pawl.ClientFlag.CREATE, store_dir=f"{self.folder}/{name}", passphrase="correct horse",
                relay_url=self.relay.url, pinned_spki=self.relay.pin,
            )  # fmt: skip
        self.addCleanup(client.close)
        client.account_register(f"{name}@localhost")
        until(client, lambda event: event.type == pawl.EventType.REGISTERED)
        return client

    def answered(self, bot: pawl.Client) -> bool:
        """Takes an event and acknowledges none; whether it was a request, which is answered."""
        for event in bot.wait_events(1, PATIENCE * 1000):
            if event.type == pawl.EventType.CONTACT_REQUEST and event.address:
                answer = bot.contact_answer(event.address, True)
                while all(it.request_id != answer for it in bot.wait_events(1, PATIENCE * 1000)):
                    pass
                return True
        return False

    def test_the_chat_goes_on_after_an_accept_that_nobody_asked_for(self) -> None:
        self.registered("alice")
        bob = self.python("chat.py", "bob", "alice@localhost")
        bob.type("/accept")
        bob.expect("NOT_FOUND")
        bob.type("hello")
        assert bob.process.stdin is not None
        bob.process.stdin.close()
        bob.process.stdin = None
        bob.finish()

    def test_the_chat_fits_on_a_screen(self) -> None:
        text = (SOURCE / "examples/chat.py").read_text(encoding="utf-8")
        self.assertLessEqual(text.count("\n"), 60)


if __name__ == "__main__":
    unittest.main(verbosity=2)
