"""Builds the extension with CMake. See README.md for what it needs; pyproject.toml says everything else."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).resolve().parent


def version() -> str:
    """The release of the headers."""
    header = (HERE / "../../include/pawl/version.h").read_text(encoding="utf-8")
    parts = (re.search(rf"PAWL_VERSION_{part} (\d+)", header) for part in ("MAJOR", "MINOR", "PATCH"))
    return ".".join(it[1] for it in parts if it)


class CMakeBuild(build_ext):
    """The extension is a CMake project. PAWL_PYTHON_ARCHIVE in the environment: the archive to link, instead of an
    installed Pawl; PAWL_PYTHON_LICENSES: a folder with the licences of what is in it.
    """

    def build_extension(self, ext: Extension) -> None:
        made = Path(self.get_ext_fullpath(ext.name)).resolve()
        folder = Path(self.build_temp).resolve()
        archive = os.environ.get("PAWL_PYTHON_ARCHIVE", "")
        subprocess.run(
            ["cmake", "-S", HERE, "-B", folder, "-DCMAKE_BUILD_TYPE=Release", f"-DPython3_EXECUTABLE={sys.executable}",
             f"-DPAWL_PYTHON_OUTPUT={made.parent}", f"-DPAWL_PYTHON_ARCHIVE={archive}"],
            check=True,
        )  # fmt: skip
        subprocess.run(["cmake", "--build", folder], check=True)
        self.add_licenses(made.parent / "licenses")

    def add_licenses(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        shutil.copy(HERE / "../../LICENSE", folder / "pawl")
        if others := os.environ.get("PAWL_PYTHON_LICENSES"):
            shutil.copytree(others, folder, dirs_exist_ok=True)


setup(
    version=version(),
    ext_modules=[Extension("pawl._pawl", sources=[], py_limited_api=True)],
    cmdclass={"build_ext": CMakeBuild},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
