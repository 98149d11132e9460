#!/usr/bin/env python3
"""Runs a program of this folder under valgrind's memcheck.

    run_ct.py --suppressions FILE PROGRAM [ARGUMENT…]              nothing must be reported
    run_ct.py --suppressions FILE --expect TEXT --in FUNCTION …    this must be reported, and there
    run_ct.py                                                      says that there is no valgrind

Exit status 77 means skipped: there is no valgrind. Nothing is ever skipped silently.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPORTED = 99
SKIPPED = 77


def run(valgrind: str, suppressions: str, command: list[str]) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "valgrind.log")
        ended = subprocess.run(
            [valgrind, "--tool=memcheck", "--leak-check=no", f"--suppressions={suppressions}",
             f"--error-exitcode={REPORTED}", "--num-callers=20", f"--log-file={log}", *command])
        return ended.returncode, log.read_text(errors="replace")


def is_reported(report: str, what: str, where: str) -> bool:
    """Whether `what` is reported with `where` as the innermost function."""
    pattern = re.escape(what) + r".*\n==\d+==    at 0x[0-9A-F]+: " + re.escape(where) + r"\b"
    return re.search(pattern, report) is not None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--suppressions")
    parser.add_argument("--expect")
    parser.add_argument("--in", dest="where")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()

    valgrind = shutil.which("valgrind")
    if valgrind is None or not options.command:
        print("SKIPPED, nothing was checked: valgrind is not installed, or was not when the build was configured.\n"
              "`./dev setup` installs it; then configure again.")
        return SKIPPED
    status, report = run(valgrind, options.suppressions, options.command)
    if options.expect:
        if status == REPORTED and is_reported(report, options.expect, options.where):
            print(f"reported, as it must be: {options.expect} in {options.where}")
            return 0
        print(f"NOT reported: {options.expect} in {options.where} (exit status {status})\n{report}")
        return 1
    if status != 0:
        print(report)
    return status


if __name__ == "__main__":
    sys.exit(main())
