"""Lays org.pawl out as a Maven repository: python3 maven.py --version V --jar JAR --library SO --licenses FOLDER --out FOLDER.

org.pawl:pawl has the classes, their sources and documentation; org.pawl:pawl-natives-<os>-<arch> has the library. The same
input gives the same bytes.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from string import Template

sys.path.insert(0, str(Path(__file__).resolve().parent))

from elf import BadLibrary, Elf, demand_pages  # noqa: E402

SOURCES = Path(__file__).resolve().parents[1] / "src/main/java"
POM = Path(__file__).resolve().parent / "pom.xml"
ROOT = Path(__file__).resolve().parents[3]
GROUP = "org/pawl"
_ARCHITECTURES = {"x86_64": "x86_64", "arm64-v8a": "aarch64"}
# Any other needs something that a machine with a JVM may lack.
_SYSTEM = ("libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "ld-linux", "libgcc_s.so", "libc.musl")


def entry(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def write_jar(path: Path, entries: dict[str, bytes], title: str, version: str, module: str) -> None:
    said = {"Manifest-Version": "1.0", "Automatic-Module-Name": module, "Implementation-Title": title, "Implementation-Version": version}
    manifest = "".join(f"{name}: {value}\r\n" for name, value in said.items()) + "\r\n"
    with zipfile.ZipFile(path, "w") as archive:
        entry(archive, "META-INF/MANIFEST.MF", manifest.encode())
        for name, data in sorted({**licences(), **entries}.items()):
            entry(archive, name, data)


def licences(others: Path | None = None) -> dict[str, bytes]:
    """Pawl's own licence and those of what is inside its libraries, as they stand in an archive."""
    found = {"pawl": ROOT / "LICENSE", **({it.name: it for it in others.iterdir()} if others else {})}
    return {f"META-INF/licenses/{name}": path.read_bytes() for name, path in found.items()}


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(it.relative_to(folder)): it.read_bytes() for it in sorted(folder.rglob("*")) if it.is_file()}


def write_pom(folder: Path, artifact: str, version: str, packaging: str, about: str) -> None:
    words = {"artifact": artifact, "version": version, "packaging": packaging, "about": about}
    (folder / f"{artifact}-{version}.pom").write_text(Template(POM.read_text()).substitute(words))


def place(out: Path, artifact: str, version: str) -> Path:
    """The folder of an artifact, empty."""
    folder = out / GROUP / artifact / version
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


def seal(folder: Path) -> None:
    """Checksums beside every file, as repositories want them."""
    for it in sorted(folder.iterdir()):
        for kind in ("md5", "sha1", "sha256", "sha512"):
            (folder / f"{it.name}.{kind}").write_text(hashlib.new(kind, it.read_bytes()).hexdigest())


def write_classes(out: Path, jar: Path, version: str) -> Path:
    folder = place(out, "pawl", version)
    stem = folder / f"pawl-{version}"
    with zipfile.ZipFile(jar) as built:
        classes = {name: built.read(name) for name in built.namelist() if name.endswith(".class")}
    write_jar(Path(f"{stem}.jar"), classes, "Pawl", version, "org.pawl")
    write_jar(Path(f"{stem}-sources.jar"), files_below(SOURCES), "Pawl sources", version, "org.pawl.sources")
    with tempfile.TemporaryDirectory() as pages:
        subprocess.run(
            ["javadoc", "-quiet", "-notimestamp", "--release", "8", "-Xdoclint:all,-missing", "-encoding", "UTF-8", "-d", pages,
             *map(str, sorted(SOURCES.rglob("*.java")))], check=True)  # fmt: skip
        write_jar(Path(f"{stem}-javadoc.jar"), files_below(Path(pages)), "Pawl documentation", version, "org.pawl.javadoc")
    about = "Embeddable end-to-end encrypted messaging. Needs a pawl-natives artifact of the same version at run time."
    write_pom(folder, "pawl", version, "jar", about)
    seal(folder)
    return folder


def platform(elf: Elf) -> str:
    """linux-x86_64, …: what the loader in the jar calls such a machine (Platform.java)."""
    libc = "-musl" if any("musl" in it for it in elf.needed()) else ""
    if elf.machine not in _ARCHITECTURES:
        raise BadLibrary(f"{elf.path} is of {elf.machine or 'an unknown machine'}: natives are made for {', '.join(_ARCHITECTURES)}")
    return f"linux-{_ARCHITECTURES[elf.machine]}{libc}"


def write_natives(out: Path, library: Path, version: str, others: Path) -> Path:
    elf = demand_pages(library)
    foreign = [it for it in elf.needed() if not it.startswith(_SYSTEM)]
    if foreign:
        raise BadLibrary(f"{library} needs {', '.join(foreign)}: build it with everything inside (PAWL_JNI_ARCHIVE, preset bundled)")
    artifact = f"pawl-natives-{platform(elf)}"
    folder = place(out, artifact, version)
    name = f"META-INF/natives/{platform(elf)}/{library.name}"
    module = "org.pawl.natives." + platform(elf).replace("-", ".")
    entries = {name: library.read_bytes(), **licences(others)}
    write_jar(folder / f"{artifact}-{version}.jar", entries, "Pawl natives", version, module)
    about = f"The native library of org.pawl:pawl for {platform(elf)}."
    write_pom(folder, artifact, version, "jar", about)
    seal(folder)
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--jar", type=Path, required=True, help="pawl.jar as it was built")
    parser.add_argument("--library", type=Path, action="append", default=[], help="libpawl_jni.so, stripped; once per platform")
    parser.add_argument("--licenses", type=Path, help="a folder with the licences of what is inside the libraries")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if options.library and not options.licenses:
        parser.error("--library needs --licenses")
    try:
        made = [write_classes(options.out, options.jar, options.version)]
        made += [write_natives(options.out, it, options.version, options.licenses) for it in options.library]
    except BadLibrary as bad:
        print(f"maven.py: {bad}", file=sys.stderr)
        return 1
    for folder in made:
        print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
