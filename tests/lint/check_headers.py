"""Each header stands alone: public ones in every C and C++ that we promise, with every compiler that is here."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from lintlib import Violation, code_only, includes, run

RULES = {
    "header-c": "a public .h compiles alone as C99, C11, C17 and C++11 to C++20, pedantic, without a warning",
    "header-cpp": "a public .hpp compiles alone as C++20, pedantic, without a warning",
    "header-alone": "a header of src/ compiles alone (one that some .cc of src/ includes first is proven by the build)",
    "header-first": "x.cc includes its own x.h first",
    "header-guard": "guards are PAWL_<FOLDERS>_<FILE>_H_ after the path below src/ or include/pawl/",
}
COMPILERS = [pair for pair in (("gcc", "g++"), ("clang", "clang++")) if all(map(shutil.which, pair))]
STRICT = ["-fsyntax-only", "-pedantic", "-Wall", "-Wextra", "-Werror"]
C_STANDARDS = ["c99", "c11", "c17"]
CPP_STANDARDS = ["c++11", "c++14", "c++17", "c++20"]


def compile_alone(command, source):
    """None, or the compiler's first complaint."""
    with tempfile.NamedTemporaryFile("w", suffix=".cc" if "++" in command[0] else ".c") as file:
        file.write(source)
        file.flush()
        result = subprocess.run([*command, file.name], capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return None
    lines = result.stderr.splitlines()
    return next((line for line in lines if "error" in line), lines[0] if lines else "failed")


def public_jobs(tree):
    for path in tree.files("*.h", "*.hpp", below="include"):
        # Twice: the guard must hold. A declaration after it: ISO C forbids an empty translation unit.
        source = f'#include "{path[len("include/"):]}"\n' * 2 + "typedef int pawl_lint_not_empty;\n"
        base = [*STRICT, "-I", str(tree.root / "include")]
        for c, cpp in COMPILERS:
            if path.endswith(".h"):
                for standard in C_STANDARDS:
                    yield "header-c", path, [c, f"-std={standard}", *base], source
            for standard in CPP_STANDARDS if path.endswith(".h") else CPP_STANDARDS[-1:]:
                rule = "header-c" if path.endswith(".h") else "header-cpp"
                yield rule, path, [cpp, f"-std={standard}", *base], source


def first_include(tree, path):
    return next((name for _, _, name in includes(tree.text(path))), None)


def internal_jobs(tree, generated):
    # Not the tests: they are compiled with a precompiled header, which proves nothing.
    proven = {first_include(tree, path) for path in tree.files("*.cc", below="src")}
    for path in tree.files("*.h", below="src"):
        if path[len("src/"):] in proven:
            continue
        command = ["g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-I", str(tree.root / "src"),
                   "-I", str(tree.root / "include"), "-isystem", generated]
        yield "header-alone", path, command, f'#include "{path[len("src/"):]}"\n'


def generate(tree, folder):
    """The FlatBuffers headers that wire's own headers may include."""
    for schema in tree.files("*.fbs", below="src"):
        layer = pathlib.PurePath(schema).parent.name
        subprocess.run(["flatc", "--cpp", "--cpp-std", "c++17", "--scoped-enums", "--keep-prefix", "-I", str(tree.root / "src"),
                        "-I", str(tree.root / "src" / layer), "-o", f"{folder}/{layer}", str(tree.root / schema)],
                       check=True, capture_output=True)


def check_guards(tree):
    for folder, prefix in (("src", "src/"), ("include", "include/pawl/")):
        for path in tree.files("*.h", "*.hpp", below=folder):
            name = re.sub(r"[^A-Za-z0-9]", "_", path[len(prefix):]).upper() + "_"
            want = f"PAWL_{name}"
            match = re.search(r"^\s*#\s*ifndef\s+(\w+)\s+#\s*define\s+(\w+)", code_only(tree.text(path)), re.MULTILINE)
            if not match or match.group(1) != want or match.group(2) != want:
                yield Violation("header-guard", path, 1, f"want {want}")


def check(tree):
    for path in tree.files("*.cc", below="src"):
        own = path[len("src/"):-len(".cc")] + ".h"
        if tree.exists("src/" + own) and first_include(tree, path) != own:
            yield Violation("header-first", path, 1, "includes something else first")
    yield from check_guards(tree)
    with tempfile.TemporaryDirectory() as generated:
        generate(tree, generated)
        jobs = [*public_jobs(tree), *internal_jobs(tree, generated)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            complaints = pool.map(lambda job: compile_alone(job[2], job[3]), jobs)
            for (rule, path, command, _), complaint in zip(jobs, complaints):
                if complaint:
                    yield Violation(rule, path, 1, f"{command[0]} {command[1]}: {complaint}")


def guarded(name, text):
    return f"#ifndef {name}\n#define {name}\n{text}\n#endif\n"


CLEAN = {
    "include/pawl/status.h": guarded("PAWL_STATUS_H_", "#include <stdint.h>\ntypedef int32_t pawl_status;"),
    "include/pawl/pawl.h": guarded("PAWL_PAWL_H_", '#include "pawl/status.h"'),
    "include/pawl/pawl.hpp": guarded("PAWL_PAWL_HPP_", "#include <span>\ntypedef std::span<int> Ints;"),
    "src/base/status.h": guarded("PAWL_BASE_STATUS_H_", "#include <vector>\ninline std::vector<int> f() { return {}; }"),
    "src/base/status.cc": '#include "base/status.h"\n',
    "src/base/bytes.h": guarded("PAWL_BASE_BYTES_H_", "#include <string>\ninline std::string g() { return {}; }"),
}
PLANTED = [
    ("header-c", {"include/pawl/status.h": guarded("PAWL_STATUS_H_", "typedef int32_t pawl_status;")}),
    ("header-c", {"include/pawl/status.h": guarded("PAWL_STATUS_H_", "typedef struct { int new; } pawl_x;")}),
    ("header-c", {"include/pawl/status.h": guarded("PAWL_STATUS_H_", "enum { PAWL_A = 1, };\nstruct x { int y; };;")}),
    ("header-cpp", {"include/pawl/pawl.hpp": guarded("PAWL_PAWL_HPP_", "typedef std::span<int> Ints;")}),
    ("header-alone", {"src/base/bytes.h": guarded("PAWL_BASE_BYTES_H_", "std::string g();")}),
    ("header-first", {"src/base/status.cc": '#include <vector>\n#include "base/status.h"\n'}),
    ("header-guard", {"src/base/bytes.h": "#ifndef BYTES_H\n#define BYTES_H\n#endif\n"}),
]

if __name__ == "__main__":
    run(globals(), CLEAN, PLANTED)
