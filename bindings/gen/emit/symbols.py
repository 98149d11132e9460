"""What libpawl exports: a version script for ELF with one node per release, a list for macOS, a .def for Windows."""

from ..model import Api, Function
from .text import GENERATED, banner


def _releases(api: Api) -> list[tuple[str, list[Function]]]:
    """(release, its functions), oldest first."""
    names = sorted({it.since for it in api.functions}, key=lambda release: [int(part) for part in release.split(".")])
    return [(name, [it for it in api.functions if it.since == name]) for name in names]


def _version_script(api: Api) -> str:
    text = f"/* {GENERATED} */\n"
    before = ""
    for release, functions in _releases(api):
        node = f"PAWL_{release}"
        text += f"\n{node} {{\n  global:\n"
        text += "".join(f"    {it.name};\n" for it in sorted(functions, key=lambda it: it.name))
        text += "  local:\n    *;\n" if not before else ""
        text += f"}}{before and ' ' + before};\n"
        before = node
    return text


def emit(api: Api) -> dict[str, str]:
    names = sorted(it.name for it in api.functions)
    return {
        "src/capi/pawl.map": _version_script(api),
        "src/capi/pawl.exports": banner("#") + "".join(f"_{name}\n" for name in names),
        "src/capi/pawl.def": banner(";") + "LIBRARY pawl\nEXPORTS\n" + "".join(f"  {name}\n" for name in names),
    }
