"""Runs one JUnit class in a JVM that checks every call of JNI: python3 run_junit.py JAVA JUNIT CLASSPATH LIBRARY CLASS.

What PAWL_PRELOAD names is loaded into the JVM first: the runtime of a sanitizer, which has to be there before the library.
PAWL_GROWTH_CALLS is how many calls CollectionTest makes.
Fails when a test fails, when no test ran, when the JVM has a word to say about a call of JNI, or when it crashes.
"""

import os
import re
import subprocess
import sys
import tempfile

# What -Xcheck:jni prints. "WARNING: JNI local refs" belongs to it as well.
COMPLAINT = re.compile(r"WARNING(?: in native method|: JNI)|FATAL ERROR in native method|ReleasePrimitive.*mismatch|# A fatal error")

# All of the heap is resident from the beginning: what grows later is not the heap.
HEAP = ["-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"]


def main() -> int:
    java, junit, classpath, library, test = sys.argv[1:6]
    calls = os.environ.get("PAWL_GROWTH_CALLS")
    growth = [f"-Dorg.pawl.test.calls={calls}"] if calls else []
    with tempfile.TemporaryDirectory() as folder:
        command = [
            java, "-Xcheck:jni", "-XX:ErrorFile=" + folder + "/crash.log", "-XX:-CreateCoredumpOnCrash", f"-Dorg.pawl.library.path={library}",
            f"-Djava.io.tmpdir={folder}", f"-Dorg.pawl.test.classes={classpath}", *HEAP, *growth, *sys.argv[6:], "-jar", junit, "--disable-banner", "--details=tree",
            "--disable-ansi-colors", "--fail-if-no-tests", f"--class-path={classpath}", f"--select-class={test}",
        ]  # fmt: skip
        preload = os.environ.get("PAWL_PRELOAD")
        environment = {**os.environ, "LD_PRELOAD": preload} if preload else None
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    print(done.stdout)
    complaints = [line for line in done.stdout.splitlines() if COMPLAINT.search(line)]
    if complaints:
        print("the JVM's check of JNI complained:", *complaints, sep="\n  ")
    return 1 if done.returncode != 0 or complaints else 0


if __name__ == "__main__":
    sys.exit(main())
