"""The wheel, in a bare virtual environment of each Python that is here: made from source, installed, imported, used.

PAWL_PYTHON_ARCHIVE in the environment: it has the archive in it and needs nothing; else it links an installed Pawl.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "bindings/java/packaging"))

from elf import demand_pages  # noqa: E402

ARCHIVE = os.environ.get("PAWL_PYTHON_ARCHIVE", "")
WANTED = ("3.11", "3.12", "3.13")
SESSION = """
import pawl, pawl.aio, sys
alice, bob = pawl.Identity.create("alice@example.org"), pawl.Identity.create("bob@example.org")
session = pawl.Session.initiate(alice, bob.bundle())
accepted = pawl.Session.accept(bob, alice.bundle(), None, session.encrypt(b"hello"))
assert session.decrypt(accepted.session.encrypt(b"and back")) == b"and back"
with pawl.Client.open(flags=pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE, store_dir=sys.argv[1] + "/store",
                      anchor_dir=sys.argv[1] + "/anchor", host_key=bytes(32), relay_url="wss://127.0.0.1:1") as client:
    client.attachment_cancel(bytes(16))
    assert client.wait_events(1, 60_000)[0].status == pawl.StatusCode.NOT_FOUND
print(accepted.data.decode(), pawl.__version__, pawl.__file__)
"""


def run(*command: object, **environment: str) -> str:
    plain = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "LD_LIBRARY_PATH", "LD_PRELOAD")}
    done = subprocess.run(
        [str(it) for it in command], env={**plain, **environment}, text=True, capture_output=True, timeout=500, check=False
    )
    if done.returncode:
        raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def works(python: Path | str, *modules: str) -> bool:
    code = f"import sys, {', '.join(('venv', *modules))}; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() in WANTED


def pythons() -> dict[str, Path]:
    """{release: interpreter}, one of each."""
    places = [Path("/usr/bin"), Path("/usr/local/bin"), *sorted((Path.home() / ".pyenv/versions").glob("*/bin"))]
    found: dict[str, Path] = {}
    for release in WANTED:
        here = [it / f"python{release}" for it in places if (it / f"python{release}").exists()]
        found |= {release: it for it in reversed(here) if works(it, "ensurepip")}
    return found


class PackagingTest(unittest.TestCase):
    folder: str
    installed: Path
    wheel: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.installed = Path(cls.folder) / "installed"
        if not ARCHIVE:
            run("cmake", "--install", os.environ["PAWL_BUILD"], "--prefix", cls.installed)
        cls.wheel = cls.built()

    @classmethod
    def built(cls) -> Path:
        """The wheel, made as `pip install ./bindings/python` makes it, with no package from elsewhere."""
        maker = next(it for it in (sys.executable, "/usr/bin/python3") if works(it, "setuptools", "wheel", "ensurepip"))
        run(maker, "-m", "venv", "--system-site-packages", f"{cls.folder}/maker")
        run(
            f"{cls.folder}/maker/bin/python", "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--no-index",
            "-w", f"{cls.folder}/wheels", cls.copied(), CMAKE_PREFIX_PATH=str(cls.installed), PAWL_PYTHON_ARCHIVE=ARCHIVE,
        )  # fmt: skip
        (wheel,) = Path(f"{cls.folder}/wheels").glob("*.whl")
        return wheel

    @classmethod
    def copied(cls) -> Path:
        """The sources, in a folder that may be written to."""
        copy = Path(cls.folder) / "source"
        for part in ("bindings/python", "include", "LICENSE"):
            (copy / part).parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-r", SOURCE / part, copy / part], check=True)
        return copy / "bindings/python"

    def libraries(self) -> dict[str, str]:
        found = sorted(self.installed.rglob("libpawl.so")) if not ARCHIVE else []
        return {"LD_LIBRARY_PATH": str(found[0].parent)} if found else {}

    def test_the_wheel_is_of_the_stable_abi_and_complete(self) -> None:
        self.assertRegex(self.wheel.name, r"^pawl-\d+\.\d+\.\d+-cp311-abi3-linux_\w+\.whl$")
        names = zipfile.ZipFile(self.wheel).namelist()
        package = SOURCE / "bindings/python/pawl"
        wanted = {f"pawl/{it.name}" for it in package.iterdir() if it.suffix in (".py", ".pyi", ".typed")}
        self.assertLessEqual({*wanted, "pawl/py.typed", "pawl/_pawl.abi3.so", "pawl/licenses/pawl"}, set(names))
        self.assertEqual([it for it in names if not it.startswith("pawl/") and ".dist-info/" not in it], [])
        with zipfile.ZipFile(self.wheel) as wheel:
            wheel.extract("pawl/_pawl.abi3.so", self.folder)
        self.see(Path(self.folder) / "pawl/_pawl.abi3.so")

    def see(self, library: Path) -> None:
        """It shows its init function alone; with the archive in it, it asks for the C library's files alone, can be loaded
        where memory pages have 16 KB, and stays loaded."""
        shown = run("nm", "-D", "--defined-only", library).split()[2::3]
        self.assertEqual([it for it in shown if not it.startswith("_")], ["PyInit__pawl"])
        needed = re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", library))
        allowed = r"libc\.so\.6|libm\.so\.6|ld-linux.*|libpthread\.so\.0|libdl\.so\.2"
        others = [it for it in needed if not re.fullmatch(allowed, it)]
        self.assertEqual(others, [] if ARCHIVE else ["libpawl.so.0.1"])
        if ARCHIVE:
            missing = [it for it in run("nm", "-D", "--undefined-only", library).split() if it.startswith("pawl_")]
            self.assertEqual(missing, [], "the archive is of another release")
            self.assertEqual(demand_pages(library).marks(), {"NODELETE"})

    def test_it_installs_and_works_in_a_bare_environment_of_each_python(self) -> None:
        found = pythons()
        self.assertIn("%d.%d" % sys.version_info[:2], found)
        print("tested:", *found, "· not here, so not tested:", *(set(WANTED) - found.keys() or ["none"]))
        for release, python in found.items():
            with self.subTest(release):
                home = f"{self.folder}/venv-{release}"
                run(python, "-m", "venv", home)
                run(f"{home}/bin/python", "-m", "pip", "install", "--no-index", "--no-deps", self.wheel)
                os.mkdir(f"{home}/data")
                said = run(f"{home}/bin/python", "-I", "-X", "dev", "-c", SESSION, f"{home}/data", **self.libraries())
                self.assertRegex(said, rf"^hello \d+\.\d+\.\d+ {home}/")


if __name__ == "__main__":
    unittest.main(verbosity=2)
