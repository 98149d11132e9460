"""One round of ./dev bench bindings fills its table: bindings_test.py BINDINGS_BENCH. How fast it was is for people to judge."""

import subprocess
import sys
import unittest

BENCH = ""
LANGUAGES = ["C", "Python", "Java", "cffi"]
ROWS = {"one call on a session": 4, "encrypt 1 KiB": 4, "one event": 3, "request and its completion": 3}  # without cffi


class BindingsTest(unittest.TestCase):
    def test_every_language_has_every_figure(self) -> None:
        run = subprocess.run([BENCH, "--rounds", "1"], capture_output=True, text=True, timeout=500, check=False)
        print(run.stdout, run.stderr)
        self.assertEqual(run.returncode, 0)
        head, *rows = run.stdout.splitlines()
        self.assertEqual(head.split(), ["ns", *LANGUAGES])
        for what, languages in ROWS.items():
            with self.subTest(what):
                cells = next(row for row in rows if row.startswith(what))[44:].split()
                figures = [cell for cell in cells if cell.replace(",", "").isdigit()]
                self.assertEqual(len(figures), languages)
                self.assertTrue(all(int(figure.replace(",", "")) > 0 for figure in figures))


if __name__ == "__main__":
    BENCH = sys.argv.pop()
    unittest.main()
