"""tools/aar.sh as somebody runs it who has no NDK, one that is none, or all there is to have: python3 aar_script_test.py CC."""

import os
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The machine that an ELF file of each ABI says it is for.
ABIS = {"arm64-v8a": 183, "armeabi-v7a": 40, "x86_64": 62}
ARCHIVE = "build/dist/pawl-android-1.2.3.aar"
INCOMPLETE = "build/dist/pawl-android-1.2.3-incomplete.aar"
CC = "cc"


class AarScriptTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.project = Path(folder.name)
        (self.project / "bindings").symlink_to(ROOT / "bindings")
        with zipfile.ZipFile(self.project / "pawl.jar", "w") as jar:
            jar.writestr("org/pawl/Client.class", b"")

    def build(self, abi: str) -> None:
        """Libraries that do nothing, as if an NDK had made them for this ABI."""
        folder = self.project / "build/android" / abi
        folder.mkdir(parents=True)
        source = self.project / "nothing.c"
        source.write_text("int pawl_nothing(void);\nint pawl_nothing(void) { return 0; }\n")
        for name in ("libpawl.so", "libpawl_jni.so"):
            command = [CC, "-shared", "-fPIC", "-nostdlib", "-Wl,-z,max-page-size=16384", "-o", folder / name, source]
            subprocess.run(command, check=True)
            data = bytearray((folder / name).read_bytes())
            data[18:20] = ABIS[abi].to_bytes(2, "little")
            (folder / name).write_bytes(data)

    def bring_licences(self) -> None:
        folder = self.project / "build/android/licenses"
        folder.mkdir(parents=True)
        (folder / "libsodium").write_text("ISC")

    def assemble(self, ndk: Path | None = None) -> tuple[int, str]:
        """The exit status, and what is said of failures."""
        environment = {name: value for name, value in os.environ.items() if name != "ANDROID_NDK_HOME"}
        if ndk is not None:
            environment["ANDROID_NDK_HOME"] = str(ndk)
        command = ["bash", ROOT / "tools/aar.sh", "1.2.3", "pawl.jar"]
        done = subprocess.run(command, cwd=self.project, env=environment, capture_output=True, text=True, check=False, timeout=120)
        return done.returncode, done.stderr

    def made(self) -> list[str]:
        return sorted(str(it.relative_to(self.project)) for it in self.project.glob("build/dist/*"))

    def test_without_an_ndk_the_archive_is_called_incomplete_and_it_is_said_what_is_missing(self) -> None:
        status, said = self.assemble()
        self.assertEqual(status, 3)
        self.assertIn("no libpawl.so and libpawl_jni.so for arm64-v8a armeabi-v7a x86_64 in build/android", said)
        self.assertIn("NDK r28 or later, which ANDROID_NDK_HOME does not name", said)
        self.assertIn("bindings/android/README.md", said)
        self.assertEqual(self.made(), [INCOMPLETE])
        with zipfile.ZipFile(self.project / INCOMPLETE) as archive:
            self.assertIn("classes.jar", archive.namelist())
            self.assertEqual([it for it in archive.namelist() if it.startswith("jni/")], [])

    def test_a_folder_that_is_no_ndk_is_told_from_one_that_is(self) -> None:
        ndk = self.project / "ndk"
        toolchain = ndk / "build/cmake/android.toolchain.cmake"
        self.assertIn("has no build/cmake/android.toolchain.cmake: that is no NDK", self.assemble(ndk)[1])
        toolchain.parent.mkdir(parents=True)
        toolchain.touch()
        status, said = self.assemble(ndk)
        self.assertEqual(status, 3)
        self.assertIn("The NDK is there.", said)

    def test_with_one_abi_of_three_it_is_still_incomplete(self) -> None:
        self.build("x86_64")
        self.bring_licences()
        status, said = self.assemble()
        self.assertEqual(status, 3)
        self.assertIn("libpawl_jni.so for arm64-v8a armeabi-v7a in build/android", said)
        self.assertEqual(self.made(), [INCOMPLETE])

    def test_libraries_without_the_licences_of_what_is_in_them_are_not_packed(self) -> None:
        self.build("x86_64")
        status, said = self.assemble()
        self.assertEqual((status, said), (1, "aar.sh: the licences of what is in the libraries belong into build/android/licenses\n"))
        self.assertEqual(self.made(), [])

    def test_a_library_that_an_app_cannot_load_is_not_packed(self) -> None:
        for abi in ABIS:
            self.build(abi)
        self.bring_licences()
        folder = self.project / "build/android"
        (folder / "x86_64/libpawl.so").write_bytes((folder / "arm64-v8a/libpawl.so").read_bytes())
        status, said = self.assemble()
        self.assertEqual(status, 1)
        self.assertIn("is of arm64-v8a, not of x86_64", said)
        self.assertEqual(self.made(), [])

    def test_with_all_abis_the_archive_is_complete(self) -> None:
        for abi in ABIS:
            self.build(abi)
        self.bring_licences()
        self.assertEqual(self.assemble(), (0, ""))
        self.assertEqual(self.made(), [ARCHIVE])
        with zipfile.ZipFile(self.project / ARCHIVE) as archive:
            self.assertLessEqual({f"jni/{abi}/libpawl_jni.so" for abi in ABIS}, set(archive.namelist()))


if __name__ == "__main__":
    CC = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
