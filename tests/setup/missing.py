"""Fails, for what is to be tested could not be built here: missing.py LANGUAGE PACKAGE…

./dev setup installs the packages where they are Debian's; on other systems that is a decision of the person, and the tests
count as skipped (77).
"""

import shutil
import sys


def main() -> int:
    language, *packages = sys.argv[1:]
    installs = shutil.which("dpkg-query") is not None
    print(f"nothing of {language} was built or tested: CMake did not find what it needs.")
    print(f"Install {' and '.join(packages)}" + (" (./dev setup does), and configure again." if installs else ", by Debian's names."))
    return 1 if installs else 77


if __name__ == "__main__":
    sys.exit(main())
