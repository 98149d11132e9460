"""The jars that ./dev jar makes, used by a JVM that has nothing else: jar_test.py BUILD JAR LIBRARY JAVA STRIP VERSION."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/java"))

from run_junit import COMPLAINT  # noqa: E402

BUILD = JAR = LIBRARY = JAVA = STRIP = VERSION = ""
OURS = ("CLASSPATH", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "LD_PRELOAD")
# Everything of Pawl comes from the jars, and what is inside it from no other file.
STRANGERS = re.compile(r"pawl|libssl|libcrypto|libsodium|libsqlcipher|libsqlite|libwebsockets|libabsl")


def run(*command: object, folder: Path | None = None, **environment: str) -> str:
    plain = {key: value for key, value in os.environ.items() if key not in OURS}
    done = subprocess.run([str(it) for it in command], cwd=folder, env={**plain, **environment}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)  # fmt: skip
    if done.returncode:
        raise AssertionError(f"{command}: {done.stdout}")
    return done.stdout


class JarTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def jars(self) -> list[Path]:
        """The classes and the natives of this machine, as ./dev jar lays them out."""
        library = self.folder / "stripped/libpawl_jni.so"
        library.parent.mkdir()
        run(STRIP, "-o", library, LIBRARY)
        run("cmake", "--install", BUILD, "--prefix", self.folder / "installed")
        (licences,) = (self.folder / "installed").rglob("licenses")
        run(sys.executable, SOURCE / "bindings/java/packaging/maven.py", "--version", VERSION, "--jar", JAR,
            "--library", library, "--licenses", licences, "--out", self.folder / "maven")  # fmt: skip
        artifacts = (self.folder / "maven/org/pawl").iterdir()
        found = sorted(it / VERSION / f"{it.name}-{VERSION}.jar" for it in artifacts)
        self.assertEqual([it.name.split("-linux-")[0] for it in found], [f"pawl-{VERSION}.jar", "pawl-natives"])
        return found

    def test_a_jvm_that_has_only_the_jars_talks_and_opens_a_client(self) -> None:
        jars = self.jars()
        with zipfile.ZipFile(jars[1]) as natives:
            (inside,) = (it for it in natives.namelist() if it.endswith(".so"))
        temporary = self.folder / "tmp"
        temporary.mkdir()
        said = run(JAVA, "-Xcheck:jni", "-Djava.library.path=", f"-Djava.io.tmpdir={temporary}", "-cp", ":".join(map(str, jars)),
                   SOURCE / "tests/bundled/UseJars.java", self.folder, folder=temporary, LD_LIBRARY_PATH="")  # fmt: skip
        self.assertFalse(COMPLAINT.search(said), said)
        lines = said.splitlines()
        loaded = [it.removeprefix("loaded ") for it in lines if it.startswith("loaded ")]
        self.assertEqual([it for it in lines if not it.startswith("loaded ")], ["hello, and back", "NOT_FOUND", f"done {VERSION}"])
        self.assertTrue(any("libjvm.so" in it for it in loaded), said)
        ours = [it for it in loaded if STRANGERS.search(Path(it).name)]
        self.assertEqual(len(ours), 1, ours)
        self.assertRegex(ours[0], rf"^{re.escape(str(temporary))}/pawl-\d+/{Path(inside).name} \(deleted\)$")
        self.assertEqual(list(temporary.iterdir()), [], "what was extracted is left")


if __name__ == "__main__":
    BUILD, JAR, LIBRARY, JAVA, STRIP, VERSION = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
