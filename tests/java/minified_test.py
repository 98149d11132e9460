"""Shrinks, renames and optimises pawl.jar and a small app with the rules of the Android archive, and runs what is left.

python3 minified_test.py PROGUARD JAVAC JAVA JAR LIBRARY. What R8 does on Android is of this kind: who looked something up by name
would not find it.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "bindings/android/proguard.txt"
APP = """import org.pawl.*;

public final class App {
  public static void main(String[] args) throws Exception {
    byte[] key = new byte[Pawl.KEY_SIZE];
    ClientOptions options = new ClientOptions().flags(ClientFlag.CREATE, ClientFlag.OFFLINE).storeDir(args[0] + "/store")
        .anchorDir(args[0] + "/anchor").hostKey(key).relayUrl("wss://127.0.0.1:1");
    java.util.concurrent.ExecutorService executor = java.util.concurrent.Executors.newSingleThreadExecutor();
    try (Client client = Client.open(options); Conversation conversation = Conversation.open(client, "bob@example.org")) {
      client.events(executor, event -> { }, Throwable::printStackTrace);
      System.out.println(client.accountGetInfo().state() + " " + conversation.history(0, 10).size());
      client.accountRegister("nobody", null).get();
    } catch (PawlException | IllegalArgumentException | java.util.concurrent.ExecutionException e) {
      System.out.println(e.getMessage());
    }
    Identity alice = Identity.create("alice@example.org");
    Identity bob = Identity.create("bob@example.org");
    byte[] envelope = Session.initiate(alice, bob.bundle(), null).encrypt("hello".getBytes("UTF-8"));
    System.out.println(new String(Session.accept(bob, alice.bundle(), null, envelope).bytes(), "UTF-8"));
    executor.shutdown();
  }
}
"""


def java_8(java: str, to: Path) -> None:
    """The classes of Java 8 as declarations: ProGuard cannot read those of a JDK that is later than itself."""
    symbols = Path(java).resolve().parents[1] / "lib/ct.sym"
    with zipfile.ZipFile(symbols) as source, zipfile.ZipFile(to, "w") as made:
        for name in source.namelist():
            releases, _, path = name.partition("/java.base/")
            if "8" in releases and path.startswith("java/") and path.endswith(".sig"):
                declared = bytearray(source.read(name))
                declared[6:8] = (52).to_bytes(2, "big")
                made.writestr(path.replace(".sig", ".class"), declared)


def main() -> int:
    proguard, javac, java, jar, library = sys.argv[1:6]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        java_8(java, folder / "java8.jar")
        (folder / "App.java").write_text(APP)
        subprocess.run([javac, "--release", "8", "-Xlint:-options", "-cp", jar, "-d", folder / "app", folder / "App.java"], check=True)
        keep = "-keep class App { public static void main(java.lang.String[]); }"
        command = [proguard, "-injars", f"{folder}/app:{jar}(!META-INF/**)", "-outjars", folder / "small.jar", "-libraryjars", folder / "java8.jar",
                   "-include", RULES, "-dontnote", keep]  # fmt: skip
        subprocess.run(command, check=True)
        with zipfile.ZipFile(folder / "small.jar") as small:
            names = small.namelist()
        run = [java, "-Xcheck:jni", f"-Dorg.pawl.library.path={library}", "-cp", folder / "small.jar", "App", folder]
        done = subprocess.run(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout)
    assert "org/pawl/a.class" in names, "nothing was renamed"
    assert "org/pawl/Conversation.class" in names, "the holders of native methods keep their names"
    assert not any("ClientOptions" in it for it in names), "names that nobody needs were kept"
    said = done.stdout.splitlines()
    assert done.returncode == 0 and said[0] == "NONE 0" and said[1].startswith("INVALID_ARGUMENT") and said[2] == "hello", said
    return 0


if __name__ == "__main__":
    sys.exit(main())
