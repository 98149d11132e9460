"""Runs a test with a sanitizer's runtime in the interpreter: PAWL_PRELOAD=FILE python3 preloaded.py TEST [ARGUMENT…].

Not LD_PRELOAD in the test's environment: what `python3` names may be a script, and its shell would get the runtime, too.
"""

import os
import sys

if __name__ == "__main__":
    os.execve(sys.executable, [sys.executable, *sys.argv[1:]], {**os.environ, "LD_PRELOAD": os.environ["PAWL_PRELOAD"]})
