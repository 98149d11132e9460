"""mypy --strict has nothing to say of the package, its examples, its README and its tests; and says what is wrong in wrong programs."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from rig import SOURCE, bare_environment

WRONG = """
import pawl, pawl.aio
async def wrong(client: pawl.Client, aio: pawl.aio.Client) -> None:
    client.ack("1")
    client.account_register(None)
    text: str = pawl.Conversation.open(client, "bob").send_text("x").request_id
    pawl.Client()
    pawl.Client.open("here")
    pawl.Client.open(store_dir="here", colour=1)
    number: int = await aio.account_export("x")
    pawl.aio.Conversation.open(client, "bob")
    event = client.wait_events(1, 0)[0]
    event.seq = 1
    event.message.sender
"""


class TypingTest(unittest.TestCase):
    def mypy(self, *paths: Path | str, below: Path = SOURCE / "tests/python") -> str:
        program = shutil.which("mypy")
        assert program is not None, "mypy is missing"
        with tempfile.TemporaryDirectory() as cache:
            environment = {**bare_environment(), "MYPYPATH": f"{SOURCE}/bindings/python:{SOURCE}/bindings/java/packaging:{below}"}
            done = subprocess.run(
                [program, "--strict", "--python-version", "3.11", "--cache-dir", cache, *map(str, paths)],
                env=environment, text=True, capture_output=True, timeout=500, check=False, cwd=below,
            )  # fmt: skip
        return done.stdout + done.stderr

    def test_the_package_and_its_tests(self) -> None:
        tests = sorted((SOURCE / "tests/python").glob("*.py"))
        self.assertIn("Success", self.mypy(SOURCE / "bindings/python/pawl", *tests))

    def test_the_generator(self) -> None:
        self.assertIn("Success", self.mypy("-p", "bindings.gen", below=SOURCE))

    def test_the_examples(self) -> None:
        for example in ("chat.py", "echo_bot.py", "greet/greet.py"):
            self.assertIn("Success", self.mypy(SOURCE / "examples" / example))

    def test_what_the_readme_shows(self) -> None:
        text = (SOURCE / "bindings/python/README.md").read_text(encoding="utf-8")
        shown = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        self.assertGreaterEqual(len(shown), 2)
        for code in shown:
            with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
                file.write(code)
                file.flush()
                self.assertIn("Success", self.mypy(file.name), code)

    def test_wrong_programs_are_told_so(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
            file.write(WRONG)
            file.flush()
            said = self.mypy(file.name)
        lines = {int(line.split(":")[1]) for line in said.splitlines() if ": error:" in line}
        # Line 7: a class without a public constructor is one only at run time.
        self.assertEqual(lines, {4, 5, 6, 8, 9, 10, 11, 13, 14})


if __name__ == "__main__":
    unittest.main(verbosity=2)
