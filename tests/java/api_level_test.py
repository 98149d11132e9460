"""What the classes that Android runs use of Java is there from API level 24 on: python3 api_level_test.py JAR JAVAC.

They are compiled for Java 8, which nothing later than that gets through. What Java 8 has and Android got after level 24, or
never, is listed here. (What the compiler makes of a lambda is made anew by Android's.)
"""

import re
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

JAR, JAVAC = Path(), ""

# Packages that Android has from level 24 on.
PACKAGES = {"java/lang", "java/lang/ref", "java/lang/invoke", "java/io", "java/nio", "java/nio/charset", "java/util",
            "java/util/concurrent", "java/util/function", "java/util/stream"}  # fmt: skip
# In those packages, but of a later level. Of java.lang.invoke, which is of level 26, lambdas name two classes.
LATER = re.compile(
    r"java/lang/(BootstrapMethodError|ClassValue|ProcessBuilder\$Redirect.*)"
    r"|java/lang/invoke/(?!LambdaMetafactory$|MethodHandles(\$Lookup)?$).*"
    r"|java/util/(Base64.*|Calendar\$Builder|Locale\$(LanguageRange|FilteringMode))"
)
# Methods of a later level in classes of an earlier one.
UNSIGNED = r"(parse|to|compare|divide|remainder)Unsigned\w*"
LATER_METHODS = re.compile(
    r"java/lang/String\.join"
    r"|java/lang/ThreadLocal\.withInitial"
    rf"|java/lang/(Byte|Short|Integer|Long)\.{UNSIGNED}"
    r"|java/lang/Class\.(getTypeName|toGenericString|getAnnotatedInterfaces|getAnnotatedSuperclass)"
    r"|java/lang/Process\.(isAlive|destroyForcibly)"
    r"|java/lang/ProcessBuilder\.(inheritIO|redirect\w+)"
    r"|java/util/Locale\.(filter\w*|lookup\w*)"
    r"|java/util/(Date|Calendar|GregorianCalendar|TimeZone)\.(from|toInstant|toZonedDateTime|toZoneId)"
)
# Of lambdas alone: what makes their objects.
METAFACTORY = re.compile(r"\(Ljava/lang/invoke/MethodHandles\$Lookup;.*\)Ljava/lang/invoke/CallSite;")
USER = """
import java.lang.invoke.MethodHandle;
import java.util.Base64;

class User {
  Runnable lambda = () -> System.gc();
  java.util.function.Supplier<User> made = User::new;
  %s
}
"""
WIDE, REFERENCES, NAMED = (5, 6), (9, 10, 11), {7: "H", 8: "H", 16: "H", 15: "BH", 3: "4x", 4: "4x", 5: "8x", 6: "8x"}


def constants(code: bytes) -> dict[int, tuple[int, tuple]]:
    """{index: (tag, fields)} of the constant pool of a class file; a text's field is the text."""
    pool: dict[int, tuple[int, tuple]] = {}
    (count,), at, index = struct.unpack_from(">H", code, 8), 10, 1
    while index < count:
        tag, at = code[at], at + 1
        if tag == 1:
            (size,) = struct.unpack_from(">H", code, at)
            pool[index] = tag, (code[at + 2 : at + 2 + size].decode("utf-8", "replace"),)
            at += 2 + size
        else:
            form = ">" + NAMED.get(tag, "HH")
            pool[index] = tag, struct.unpack_from(form, code, at)
            at += struct.calcsize(form)
        index += 2 if tag in WIDE else 1
    return pool


def used(code: bytes) -> set[str]:
    """The classes of Java that a class file names, and class.member of what it calls."""
    pool = constants(code)

    def text(index: int) -> str:
        return str(pool[index][1][0])

    texts = [fields[0] for tag, fields in pool.values() if tag == 1 and not METAFACTORY.fullmatch(fields[0])]
    names = {it for each in texts for it in re.findall(r"java/[a-z/]+/[A-Z][\w$]*|java/[a-z]+/[A-Z][\w$]*", each)}
    calls = [fields for tag, fields in pool.values() if tag in REFERENCES]
    return names | {f"{text(pool[owner][1][0])}.{text(pool[member][1][0])}" for owner, member in calls}


def too_late(code: bytes) -> set[str]:
    found = set()
    for it in used(code):
        if not it.startswith("java/"):
            continue
        is_method = "." in it
        is_elsewhere = it.rpartition("/")[0] not in PACKAGES
        if is_elsewhere or (LATER_METHODS if is_method else LATER).fullmatch(it):
            found.add(it)
    return found


class ApiLevelTest(unittest.TestCase):
    def test_what_android_runs_uses_what_api_level_24_has(self) -> None:
        """ExtractedLibrary alone uses more: there is nothing to extract on Android."""
        with zipfile.ZipFile(JAR) as jar:
            names = [it for it in jar.namelist() if it.endswith(".class")]
            self.assertIn("org/pawl/Client.class", names)
            for name in names:
                if not name.endswith("/ExtractedLibrary.class"):
                    self.assertEqual(too_late(jar.read(name)), set(), name)
            self.assertIn("java/nio/file/Files", too_late(jar.read("org/pawl/ExtractedLibrary.class")))

    def too_late_in(self, member: str) -> set[str]:
        """What is seen in a class with this member, beside lambdas."""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "User.java")
            source.write_text(USER % member)
            subprocess.run([JAVAC, "--release", "8", "-Xlint:-options", "-d", folder, source], check=True)
            return too_late(source.with_suffix(".class").read_bytes())

    def test_lambdas_are_let_through(self) -> None:
        self.assertEqual(self.too_late_in(""), set())

    def test_what_came_later_is_seen(self) -> None:
        for member, name in (
            ("byte[] x() { return Base64.getDecoder().decode(new byte[0]); }", "java/util/Base64"),
            ("Base64.Encoder x;", "java/util/Base64$Encoder"),
            ("MethodHandle x;", "java/lang/invoke/MethodHandle"),
            ("Object x(MethodHandle it) throws Throwable { return it.invoke(); }", "java/lang/invoke/MethodHandle"),
            ("ClassValue<String> x;", "java/lang/ClassValue"),
            ("java.nio.file.Path x;", "java/nio/file/Path"),
            ("java.time.Instant x;", "java/time/Instant"),
            ('String x() { return String.join(",", "a", "b"); }', "java/lang/String.join"),
            ("ThreadLocal<User> x = ThreadLocal.withInitial(User::new);", "java/lang/ThreadLocal.withInitial"),
            ("String x(long it) { return Long.toUnsignedString(it); }", "java/lang/Long.toUnsignedString"),
        ):
            with self.subTest(name):
                self.assertIn(name, self.too_late_in(member))


if __name__ == "__main__":
    JAR, JAVAC = Path(sys.argv[1]), sys.argv[2]
    unittest.main(argv=sys.argv[:1], verbosity=2)
