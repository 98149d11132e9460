"""Assembles the Android archive: python3 aar.py --version V --jar JAR --abi NAME=FOLDER… --licenses FOLDER --out FILE.

Each folder has libpawl.so and libpawl_jni.so of one ABI. Every library is read first: one that is of another machine, that
needs anything that Android does not have, or whose segments are not aligned to 16 KB is refused.
"""

import argparse
import sys
import zipfile
from pathlib import Path
from string import Template

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "bindings/java/packaging"))

from elf import BadLibrary, demand_pages  # noqa: E402
from maven import entry, licences  # noqa: E402

LIBRARIES = ("libpawl.so", "libpawl_jni.so")
PREFAB = "prefab/modules/pawl"
# What every Android has, and the one library of ours that another may need.
_SYSTEM = {"libc.so", "libm.so", "libdl.so", "liblog.so", "libandroid.so"}
_OURS = {"libpawl_jni.so": {"libpawl.so"}}


def checked(abi: str, path: Path) -> bytes:
    """The library's bytes, when an app may load it."""
    if not path.is_file():
        raise BadLibrary(f"{path} is missing")
    elf = demand_pages(path)
    if elf.machine != abi:
        raise BadLibrary(f"{path} is of {elf.machine or 'an unknown machine'}, not of {abi}")
    foreign = [it for it in elf.needed() if it not in _SYSTEM | _OURS.get(path.name, set())]
    if foreign:
        inside = "everything else belongs inside, the C++ runtime as well (ANDROID_STL=c++_static)"
        raise BadLibrary(f"{path} needs {', '.join(foreign)}: {inside}")
    return elf.data


def classes(jar: Path) -> bytes:
    with zipfile.ZipFile(jar) as archive:
        if not any(it.endswith(".class") for it in archive.namelist()):
            raise BadLibrary(f"{jar} has no classes")
    return jar.read_bytes()


def of_abi(abi: str, folder: Path, ndk: int) -> dict[str, bytes]:
    """What is in the archive for one ABI: the libraries of the app, and libpawl for C code of the app's own."""
    files = {f"jni/{abi}/{name}": checked(abi, folder / name) for name in LIBRARIES}
    place = f"{PREFAB}/libs/android.{abi}"
    files[f"{place}/libpawl.so"] = files[f"jni/{abi}/libpawl.so"]
    template = Template((HERE / PREFAB / "abi.json").read_text())
    files[f"{place}/abi.json"] = template.substitute(abi=abi, ndk=ndk).encode()
    return files


def contents(version: str, jar: Path, abis: dict[str, Path], ndk: int, others: Path | None = None) -> dict[str, bytes]:
    """{name in the archive: bytes}."""
    files = {name: (HERE / name).read_bytes() for name in ("AndroidManifest.xml", "proguard.txt", f"{PREFAB}/module.json")}
    files["classes.jar"] = classes(jar)
    files["R.txt"] = b""
    files.update(licences(others))
    files["prefab/prefab.json"] = Template((HERE / "prefab/prefab.json").read_text()).substitute(version=version).encode()
    for header in sorted((ROOT / "include/pawl").glob("*.h")):
        files[f"{PREFAB}/include/pawl/{header.name}"] = header.read_bytes()
    for abi, folder in abis.items():
        files.update(of_abi(abi, folder, ndk))
    return files


def write(out: Path, files: dict[str, bytes]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry(archive, name, files[name])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--jar", type=Path, required=True)
    parser.add_argument("--abi", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--ndk", type=int, default=28, help="the major version of the NDK that built the libraries")
    parser.add_argument("--licenses", type=Path, help="a folder with the licences of what is inside the libraries")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    abis = {name: Path(folder) for name, _, folder in (it.partition("=") for it in options.abi)}
    if abis and not options.licenses:
        parser.error("--abi needs --licenses")
    try:
        write(options.out, contents(options.version, options.jar, abis, options.ndk, options.licenses))
    except BadLibrary as bad:
        print(f"aar.py: {bad}", file=sys.stderr)
        return 1
    print(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
