"""Plays the quick starts: python3 greet_test.py RELAY LANGUAGE=PROGRAM…"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

RELAY, PROGRAMS = "", {}
SOURCE = pathlib.Path(os.environ["PAWL_SOURCE_DIR"])
SPOKEN = {"c": "C", "cc": "C++", "py": "Python", "java": "Java"}
FENCES = {"c": "c", "cc": "cpp", "py": "python", "java": "java"}

# Dies when its answer to a request has taken effect and the request is not acknowledged.
ANSWERS_AND_CRASHES = """
import os, sys, pawl
store, relay, me = sys.argv[1:]
client = pawl.Client.open(flags=pawl.ClientFlag.CREATE, store_dir=store, relay_url=relay, passphrase=os.environ["PAWL_PASSPHRASE"])
client.account_register(me + "@localhost")
answer = None
while True:
    for event in client.wait_events(1, -1):
        if event.type == pawl.EventType.REGISTERED:
            print("registered", flush=True)
        if event.type == pawl.EventType.CONTACT_REQUEST:
            answer = client.contact_answer(event.address, True)
        if event.type == pawl.EventType.COMPLETED and event.request_id == answer:
            os._exit(0)
"""


def command(language):
    program = PROGRAMS[language]
    if program.endswith(".java"):
        return [os.environ["PAWL_JAVA"], program]
    return [sys.executable, program] if program.endswith(".py") else [program]


class GreetTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = folder.name
        self.relay = subprocess.Popen(
            [RELAY, "--listen", "127.0.0.1:0", "--data", f"{self.path}/relay", "--plain", "--rate-scale", "100"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.relay.stdout.close)
        self.addCleanup(self.relay.wait)
        self.addCleanup(self.relay.terminate)
        self.url = self.relay.stdout.readline().split()[1]

    def environment(self):
        return {**os.environ, "PAWL_PASSPHRASE": "correct horse", "XDG_STATE_HOME": f"{self.path}/state"}

    def start(self, language, me, *peer):
        """`me` greets in this language; its standard error says when it is registered."""
        process = subprocess.Popen([*command(language), f"{self.path}/{me}", self.url, f"{me}@localhost", *peer],
                                   env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        return process

    def finish(self, process):
        out, errors = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, errors)
        return out

    def meet(self, first, second):
        """Bob waits in `second`, Alice says hello in `first`."""
        bob = self.start(second, "bob")
        self.assertEqual(bob.stderr.readline(), "bob@localhost is registered\n")
        alice = self.start(first, "alice", "bob@localhost")
        self.assertEqual(self.finish(alice), f"bob@localhost: {SPOKEN[second]} says hello, too.\n")
        self.assertEqual(self.finish(bob), f"alice@localhost: Hello from {SPOKEN[first]}!\n")

    def test_c_greets_cpp(self):
        self.meet("c", "cc")

    def test_cpp_greets_c(self):
        self.meet("cc", "c")

    def test_python_greets_c(self):
        if "py" not in PROGRAMS:
            self.skipTest("the Python package is not built")
        self.meet("py", "c")

    def test_cpp_greets_python(self):
        if "py" not in PROGRAMS:
            self.skipTest("the Python package is not built")
        self.meet("cc", "py")

    def test_java_greets_c(self):
        if "java" not in PROGRAMS:
            self.skipTest("the Java package is not built")
        self.meet("java", "c")

    def test_cpp_greets_java(self):
        if "java" not in PROGRAMS:
            self.skipTest("the Java package is not built")
        self.meet("cc", "java")

    def test_a_second_run_goes_on_with_the_same_store(self):
        self.meet("c", "cc")
        alice = self.start("c", "alice", "bob@localhost")
        bob = self.start("cc", "bob")
        self.assertEqual(self.finish(alice), "bob@localhost: C++ says hello, too.\n")
        self.assertEqual(self.finish(bob), "alice@localhost: Hello from C!\n")

    def test_a_wrong_passphrase_is_said_so(self):
        self.meet("c", "cc")
        for language in PROGRAMS:
            done = subprocess.run([*command(language), f"{self.path}/alice", self.url, "alice@localhost"], check=False,
                                  env={**os.environ, "PAWL_PASSPHRASE": "wrong", "XDG_STATE_HOME": f"{self.path}/state"},
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 1)
            self.assertIn("WRONG_KEY", done.stderr)

    def test_without_a_relay_it_says_that_there_is_no_connection(self):
        self.meet("c", "cc")
        self.relay.terminate()
        self.relay.wait()
        for language in PROGRAMS:
            with self.subTest(language):
                alice = self.start(language, "alice", "bob@localhost")
                self.assertRegex(alice.stderr.readline(), "^no connection: [A-Z_]+$")
                alice.kill()
                alice.communicate()

    def test_a_message_that_failed_is_no_message_that_was_sent(self):
        for language in PROGRAMS:
            with self.subTest(language):
                alice = self.start(language, f"alice{language}", "nobody@localhost")
                _, errors = alice.communicate(timeout=120)
                self.assertEqual(alice.returncode, 1)
                self.assertIn("NOT_FOUND", errors)

    def test_a_request_that_was_answered_before_a_crash_is_no_failure(self):
        if "py" not in PROGRAMS:
            self.skipTest("the Python package is not built")
        for language in PROGRAMS:
            with self.subTest(language):
                bob = f"bob{language}"
                crashing = subprocess.Popen([sys.executable, "-c", ANSWERS_AND_CRASHES, f"{self.path}/{bob}", self.url, bob],
                                            env=self.environment(), stdout=subprocess.PIPE, text=True)
                self.addCleanup(crashing.kill)
                self.assertEqual(crashing.stdout.readline(), "registered\n")
                alice = self.start("c", f"alice{language}", f"{bob}@localhost")
                crashing.communicate(timeout=120)
                self.assertEqual(self.finish(self.start(language, bob)), f"alice{language}@localhost: Hello from C!\n")
                self.assertEqual(self.finish(alice), f"{bob}@localhost: {SPOKEN[language]} says hello, too.\n")


class ReadmeTest(unittest.TestCase):
    def test_the_readme_shows_the_quick_starts_as_they_are(self):
        readme = (SOURCE / "README.md").read_text(encoding="utf-8")
        for language, fence in FENCES.items():
            code = (SOURCE / f"examples/greet/greet.{language}").read_text(encoding="utf-8")
            self.assertIn(f"```{fence}\n{code}```\n", readme, f"README.md does not show examples/greet/greet.{language}")


if __name__ == "__main__":
    RELAY, PROGRAMS = sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:])
    unittest.main(argv=sys.argv[:1], verbosity=2)
