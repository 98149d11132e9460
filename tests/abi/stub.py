"""A shared library with the functions of a lock and nothing in them, compiled from headers: what abidiff compares with."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bindings.gen.emit import symbols  # noqa: E402  (the root of the project is where the package is)
from bindings.gen.model import Api, Function  # noqa: E402


def _definition(it: Function) -> str:
    params = ", ".join(f"{param.ctype} {param.name}" for param in it.params)
    unused = " ".join(f"(void){param.name};" for param in it.params)
    value = "" if it.returns == "void" else " return {};"
    return f"{it.return_ctype} {it.name}({params}) PAWL_NOEXCEPT {{ {unused}{value} }}"


def source(api: Api, umbrella: str, private: str = "") -> str:
    """C++, as the library is: abidiff tells languages apart. `private`: what no header shows."""
    return "\n".join([f'#include "{umbrella}"', private, *map(_definition, api.functions), ""])


def build(api: Api, umbrella: str, include: Path, folder: Path, private: str = "", script: str = "") -> Path:
    """A library called as the release's own, with debugging information and the version nodes of the lock, or those of `script`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stub.cc").write_text(source(api, umbrella, private), encoding="utf-8")
    (folder / "stub.map").write_text(script or version_script(api), encoding="utf-8")
    library = folder / soname(api)
    subprocess.run(
        ["c++", "-std=c++20", "-g", "-O0", "-fPIC", "-shared", f"-I{include}", str(folder / "stub.cc"), "-o", str(library),
         f"-Wl,--version-script={folder / 'stub.map'}", f"-Wl,-soname,{library.name}"],
        check=True,
    )  # fmt: skip
    return library


def soname(api: Api) -> str:
    """What programs of the release ask the loader for: another minor release before 1.0 is another library."""
    major, minor, _ = api.version.split(".")
    return f"libpawl.so.0.{minor}" if major == "0" else f"libpawl.so.{major}"


def version_script(api: Api) -> str:
    return symbols.emit(api)["src/capi/pawl.map"]
