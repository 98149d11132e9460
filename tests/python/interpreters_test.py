"""The package belongs to one interpreter: a subinterpreter is told so, whether the main one has it already or not."""

import subprocess
import sys
import textwrap
import unittest

from rig import PATIENCE

IN_ANOTHER = """
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    other = interpreters.create()
    refusal = interpreters.run_string(other, '''if True:
        try:
            import pawl
        except ImportError as error:
            print(error, flush=True)
        else:
            print("imported", flush=True)
    ''')
    assert not refusal, refusal
    interpreters.destroy(other)
"""
USES_IT = """
    import pawl
    print(pawl.Identity.create("alice@example.org").address())
    try:
        pawl.Identity.create("nobody")
    except pawl.PawlError as error:
        print(type(error).__name__)
"""


class InterpretersTest(unittest.TestCase):
    def said(self, *parts: str) -> list[str]:
        code = "\n".join(textwrap.dedent(it) for it in parts)
        done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def test_a_subinterpreter_is_refused_before_and_after_the_main_one_has_it(self) -> None:
        used = ["alice@example.org", "InvalidArgumentError"]
        for parts in ((IN_ANOTHER, USES_IT), (USES_IT, IN_ANOTHER, USES_IT)):
            said = self.said(*parts)
            refusals = [it for it in said if "subinterpreter" in it]
            self.assertEqual(len(refusals), 1, said)
            self.assertEqual([it for it in said if it not in refusals], used * (len(parts) - 1))

    def test_an_import_anew_finds_the_same_classes(self) -> None:
        self.assertEqual(
            self.said("""
                import sys
                import pawl
                identity, Client = pawl.Identity.create("alice@example.org"), pawl._pawl.Client
                del sys.modules["pawl._pawl"], pawl
                import pawl._pawl
                print(pawl._pawl.Client is Client, identity.address())
            """),
            ["True alice@example.org"],
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
