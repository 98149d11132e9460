"""The Maven layout and the Android archive: python3 packaging_test.py JAR LIBRARY CC JAVA."""

import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bindings/java/packaging"), str(ROOT / "bindings/android")]

import aar  # noqa: E402
import maven  # noqa: E402
from elf import PAGE, BadLibrary, Elf, demand_pages  # noqa: E402

JAR, LIBRARY, CC, JAVA = Path(), Path(), "", ""


class Case(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.licences = self.folder / "licences"
        self.licences.mkdir()
        (self.licences / "libsodium").write_text("ISC")

    def demand_licences(self, archive: zipfile.ZipFile, *others: str) -> None:
        self.assertEqual(archive.read("META-INF/licenses/pawl"), (ROOT / "LICENSE").read_bytes())
        names = {it.removeprefix("META-INF/licenses/") for it in archive.namelist() if it.startswith("META-INF/licenses/")}
        self.assertEqual(names, {"pawl", *others})

    def library(self, name: str, *options: str, page: int = PAGE) -> Path:
        """A library of this machine that does nothing."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        source = self.folder / "nothing.c"
        source.write_text("int pawl_nothing(void);\nint pawl_nothing(void) { return 0; }\n")
        subprocess.run([CC, "-shared", "-fPIC", "-o", path, source, f"-Wl,-z,max-page-size={page}", *options], check=True)
        return path


class ElfTest(Case):
    def test_the_built_library_can_be_loaded_where_pages_have_16_kb(self) -> None:
        self.assertGreaterEqual(demand_pages(LIBRARY).load_alignment(), PAGE)

    def test_smaller_alignment_is_refused(self) -> None:
        with self.assertRaisesRegex(BadLibrary, "aligned to 4096 bytes"):
            demand_pages(self.library("small.so", page=4096))

    def test_what_a_library_needs_is_read(self) -> None:
        needed = Elf(self.library("needy.so", "-Wl,--no-as-needed", "-lm")).needed()
        self.assertIn("libm.so.6", needed)

    def test_a_text_is_no_library(self) -> None:
        (self.folder / "text.so").write_text("no library, but long enough to be read as one by somebody who does not look")
        with self.assertRaisesRegex(BadLibrary, "no little-endian ELF"):
            Elf(self.folder / "text.so")


class MavenTest(Case):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.repository = Path(folder.name)
        cls.classes = maven.write_classes(cls.repository, JAR, "1.2.3")

    def setUp(self) -> None:
        super().setUp()
        self.natives = maven.write_natives(self.repository, self.library("libpawl_jni.so"), "1.2.3", self.licences)

    def test_every_artifact_has_its_files_and_their_checksums(self) -> None:
        self.assertEqual(self.classes, self.repository / "org/pawl/pawl/1.2.3")
        kinds = (".jar", "-sources.jar", "-javadoc.jar", ".pom")
        wanted = [self.classes / f"pawl-1.2.3{kind}" for kind in kinds]
        name = self.natives.parent.name
        wanted += [self.natives / f"{name}-1.2.3{kind}" for kind in (".jar", ".pom")]
        for path in wanted:
            data = path.read_bytes()
            for kind in ("md5", "sha1", "sha256", "sha512"):
                self.assertEqual(Path(f"{path}.{kind}").read_text(), hashlib.new(kind, data).hexdigest())

    def test_the_poms_say_the_coordinates(self) -> None:
        for path in [*self.classes.glob("*.pom"), *self.natives.glob("*.pom")]:
            tree = ElementTree.parse(path).getroot()
            said = {it.tag.rsplit("}", 1)[1]: it.text for it in tree}
            self.assertEqual([said["groupId"], said["version"]], ["org.pawl", "1.2.3"])
            self.assertEqual(path.name, f"{said['artifactId']}-1.2.3.pom")

    def test_the_jar_has_java_8_classes_and_a_module_name(self) -> None:
        with zipfile.ZipFile(self.classes / "pawl-1.2.3.jar") as jar:
            self.assertIn(b"Automatic-Module-Name: org.pawl\r\n", jar.read("META-INF/MANIFEST.MF"))
            classes = [it for it in jar.namelist() if it.endswith(".class")]
            self.assertIn("org/pawl/Client.class", classes)
            for name in classes:
                self.assertEqual(int.from_bytes(jar.read(name)[6:8], "big"), 52, name)

    def test_the_library_is_where_the_loader_looks(self) -> None:
        platform = self.natives.parent.name.removeprefix("pawl-natives-")
        with zipfile.ZipFile(next(self.natives.glob("*.jar"))) as jar:
            self.assertIn(f"META-INF/natives/{platform}/libpawl_jni.so", jar.namelist())

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        again = maven.write_classes(self.folder / "again", JAR, "1.2.3")
        for path in self.classes.iterdir():
            self.assertEqual(path.read_bytes(), (again / path.name).read_bytes(), path.name)

    def test_a_library_that_needs_others_is_refused(self) -> None:
        needy = self.library("libneedy.so", "-Wl,--no-as-needed", "-lstdc++")
        with self.assertRaisesRegex(BadLibrary, r"needs libstdc\+\+"):
            maven.write_natives(self.folder / "bad", needy, "1.2.3", self.licences)

    def test_a_library_of_a_machine_that_has_no_name_is_refused(self) -> None:
        library = self.library("other.so")
        data = bytearray(library.read_bytes())
        data[18:20] = (243).to_bytes(2, "little")
        library.write_bytes(data)
        with self.assertRaisesRegex(BadLibrary, "is of an unknown machine"):
            maven.write_natives(self.folder / "bad", library, "1.2.3", self.licences)

    def test_every_jar_brings_the_licences_of_what_is_in_it(self) -> None:
        for jar in self.classes.glob("*.jar"):
            with zipfile.ZipFile(jar) as archive:
                self.demand_licences(archive)
        with zipfile.ZipFile(next(self.natives.glob("*.jar"))) as archive:
            self.demand_licences(archive, "libsodium")

    def test_the_jars_work_together_on_a_module_path(self) -> None:
        """The natives jar has a library that is not Pawl's: the loader finds it, and says so."""
        source = self.folder / "Ask.java"
        source.write_text("public class Ask { public static void main(String[] a) { System.out.println(org.pawl.Pawl.version()); } }")
        jars = f"{self.classes / 'pawl-1.2.3.jar'}:{next(self.natives.glob('*.jar'))}"
        command = [JAVA, "--module-path", jars, "--add-modules", "ALL-MODULE-PATH", source]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertIn("do not belong together", done.stderr)


class AarTest(Case):
    def setUp(self) -> None:
        super().setUp()
        for name in aar.LIBRARIES:
            self.library(f"x86_64/{name}", "-nostdlib")
        self.file = self.folder / "pawl.aar"

    def assemble(self, **abis: str) -> zipfile.ZipFile:
        given = {name: self.folder / folder for name, folder in abis.items()}
        aar.write(self.file, aar.contents("1.2.3", JAR, given, 28, self.licences))
        archive = zipfile.ZipFile(self.file)
        self.addCleanup(archive.close)
        return archive

    def test_the_archive_has_everything_that_an_app_and_its_c_code_need(self) -> None:
        names = set(self.assemble(x86_64="x86_64").namelist())
        wanted = {"AndroidManifest.xml", "classes.jar", "R.txt", "proguard.txt", "prefab/prefab.json"}
        wanted |= {f"jni/x86_64/{it}" for it in aar.LIBRARIES}
        module = "prefab/modules/pawl"
        wanted |= {f"{module}/module.json", f"{module}/include/pawl/pawl.h", f"{module}/include/pawl/client.h"}
        wanted |= {f"{module}/libs/android.x86_64/{it}" for it in ("abi.json", "libpawl.so")}
        self.assertEqual(wanted - names, set())

    def test_it_brings_the_licences_of_what_is_in_it(self) -> None:
        self.demand_licences(self.assemble(x86_64="x86_64"), "libsodium")

    def test_the_glue_may_need_our_library_and_no_other(self) -> None:
        self.library("x86_64/libpawl.so", "-nostdlib", "-Wl,-soname,libpawl.so")
        linked = ("-nostdlib", f"-L{self.folder / 'x86_64'}", "-Wl,--no-as-needed", "-lpawl")
        self.library("x86_64/libpawl_jni.so", *linked)
        self.assertIn("jni/x86_64/libpawl_jni.so", self.assemble(x86_64="x86_64").namelist())
        self.library("more/libpawl.so", *linked)
        with self.assertRaisesRegex(BadLibrary, "needs libpawl.so"):
            self.assemble(x86_64="more")

    def test_every_library_in_it_is_aligned_to_16_kb(self) -> None:
        archive = self.assemble(x86_64="x86_64")
        libraries = [it for it in archive.namelist() if it.endswith(".so")]
        self.assertEqual(len(libraries), 3)
        archive.extractall(self.folder / "out", libraries)
        for name in libraries:
            self.assertGreaterEqual(Elf(self.folder / "out" / name).load_alignment(), PAGE, name)

    def test_it_asks_for_api_level_24(self) -> None:
        manifest = ElementTree.fromstring(self.assemble().read("AndroidManifest.xml"))
        said = {name.rsplit("}", 1)[1]: value for name, value in manifest.find("uses-sdk").attrib.items()}
        self.assertEqual(said, {"minSdkVersion": "24"})

    def test_prefab_says_that_no_c_plus_plus_runtime_is_needed(self) -> None:
        archive = self.assemble(x86_64="x86_64")
        abi = json.loads(archive.read("prefab/modules/pawl/libs/android.x86_64/abi.json"))
        self.assertEqual(abi, {"abi": "x86_64", "api": 24, "ndk": 28, "stl": "none", "static": False})
        self.assertEqual(json.loads(archive.read("prefab/prefab.json"))["version"], "1.2.3")
        self.assertEqual(json.loads(archive.read("prefab/modules/pawl/module.json"))["library_name"], "libpawl")

    def test_the_rules_keep_native_methods_and_the_values_of_enums_and_nothing_else(self) -> None:
        rules = self.assemble().read("proguard.txt").decode()
        self.assertIn("native <methods>;", rules)
        self.assertIn("enum org.pawl.** {\n    public static **[] values();", rules)
        self.assertEqual(rules.count("-keep"), 2)

    def test_libraries_that_an_app_cannot_load_are_refused(self) -> None:
        self.library("pages/libpawl.so", page=4096)
        self.library("runtime/libpawl.so", "-Wl,--no-as-needed", "-lstdc++")
        self.library("host/libpawl.so", "-nostdlib", "-Wl,--no-as-needed", "-lm")
        for abi, folder, why in (
            ("x86_64", "pages", "aligned to 4096"),
            ("x86_64", "runtime", "needs libstdc"),
            ("x86_64", "host", "needs libm.so.6"),
            ("arm64-v8a", "x86_64", "not of arm64-v8a"),
            ("x86_64", "nowhere", "is missing"),
        ):
            with self.assertRaisesRegex(BadLibrary, why):
                self.assemble(**{abi: folder})


if __name__ == "__main__":
    JAR, LIBRARY, CC, JAVA = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
    unittest.main(argv=sys.argv[:1] + sys.argv[5:], verbosity=2)
