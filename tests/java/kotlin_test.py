"""Compiles the Kotlin example: python3 kotlin_test.py KOTLINC CHAT_KT JAR. Skipped (77) where there is no compiler."""

import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    compiler, source, jar = sys.argv[1:4]
    if not Path(compiler).is_file():
        print("skipped: there is no Kotlin compiler (kotlinc) on this machine, so examples/Chat.kt was not compiled")
        return 77
    # AutoCloseable.use stands there before Kotlin 1.8.
    library = Path(compiler).resolve().parent.parent / "lib/kotlin-stdlib-jdk7.jar"
    classpath = f"{jar}:{library}" if library.is_file() else jar
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([compiler, "-cp", classpath, "-Werror", "-d", folder, source], check=False)
        made = list(Path(folder).rglob("ChatKt.class"))
    if done.returncode == 0 and not made:
        print("the compiler made no ChatKt.class")
        return 1
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
