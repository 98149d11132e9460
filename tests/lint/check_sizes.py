"""Files and functions stay small enough to be read at once."""

import re
import statistics

from lintlib import Violation, code_only, run

# (folder, pattern, cap)
CAPS = [
    ("src", "*.cc", 400),
    ("src", "*.h", 150),
    ("include", "*.h", 250),
    ("tests", "*_test.cc", 500),
    ("examples", "*.cc", 400),
    ("examples", "*.c", 400),
]
FUNCTION_CAP = 60
MEDIAN_CAP = 120
MEDIAN_FROM = 10  # files; a median of fewer says nothing
ROOT_BUILD_CAP = 120

RULES = {
    "size-file": "caps: " + ", ".join(f"{folder}/**/{pattern} {cap}" for folder, pattern, cap in CAPS),
    "size-function": f"a function has at most {FUNCTION_CAP} lines",
    "size-median": f"half of the .cc files of src/ have at most {MEDIAN_CAP} lines",
    "size-build": f"the root CMakeLists.txt has at most {ROOT_BUILD_CAP} lines and names no source file",
}

_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum)\b|\bextern\b")
_HEAD_START = re.compile(r"[;{}]")


def opens_function(head):
    """Whether a brace after this text (back to the last ; { or }) opens a function's body."""
    head = re.sub(r"^\s*#.*$", "", head, flags=re.MULTILINE)
    head = re.sub(r"^\s*(?:public|private|protected)\s*:", "", head)
    if "(" not in head:
        return False
    before_parenthesis = head.split("(", 1)[0]
    if _SCOPE.search(before_parenthesis) and not re.search(r"\)\s*(?:const|noexcept|override|final|&|&&|\s)*$", head):
        return False
    return not re.search(r"=\s*$", head)


def functions(code):
    """(first line, last line) of each outermost function body in code without comments and literals."""
    depth_of_function = None
    depth = 0
    start = 0
    head_from = 0
    for match in _HEAD_START.finditer(code):
        mark, at = match.group(0), match.start()
        if mark == "{":
            if depth_of_function is None and opens_function(code[head_from:at]):
                depth_of_function, start = depth, at
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == depth_of_function:
                yield code.count("\n", 0, start) + 1, code.count("\n", 0, at) + 1
                depth_of_function = None
        head_from = at + 1


def check(tree):
    for folder, pattern, cap in CAPS:
        for path in tree.files(pattern, below=folder):
            count = len(tree.lines(path))
            if count > cap:
                yield Violation("size-file", path, cap, f"{count} lines, cap {cap}")
    for path in tree.files("*.cc", "*.h", "*.hpp", "*.c", below="src") + tree.files("*.hpp", below="include"):
        for first, last in functions(code_only(tree.text(path))):
            if last - first + 1 > FUNCTION_CAP:
                yield Violation("size-function", path, first, f"{last - first + 1} lines")
    counts = [len(tree.lines(path)) for path in tree.files("*.cc", below="src")]
    if len(counts) >= MEDIAN_FROM and statistics.median(counts) > MEDIAN_CAP:
        yield Violation("size-median", "src", 1, f"the median is {statistics.median(counts):.0f}")
    if tree.exists("CMakeLists.txt"):
        lines = tree.lines("CMakeLists.txt")
        if len(lines) > ROOT_BUILD_CAP:
            yield Violation("size-build", "CMakeLists.txt", ROOT_BUILD_CAP, f"{len(lines)} lines")
        for number, line in enumerate(lines, 1):
            if re.search(r"\.(?:cc|c|h)\b", re.sub(r'"[^"]*"|#.*', "", line)):
                yield Violation("size-build", "CMakeLists.txt", number, line.strip())


def body(lines):
    return "int F(int x) {\n" + "  x += 1;\n" * (lines - 2) + "}\n"


CLEAN = {
    "src/base/a.cc": "namespace pawl {\n" + body(FUNCTION_CAP) + body(FUNCTION_CAP) + "}\n",
    "src/base/b.h": "class B final : public A {\n public:\n" + "  int x() const { return x_; }\n" * 80 + "};\n",
    "src/base/c.cc": "const Row kRows[] = {\n" + "  {1, F(2)},\n" * 100 + "};\n",
    "CMakeLists.txt": "project(pawl)\n# a comment may say main.cc\n",
}
PLANTED = [
    ("size-file", {"src/base/a.cc": "int x;\n" * 401}),
    ("size-file", {"src/base/b.h": "int x;\n" * 151}),
    ("size-file", {"include/pawl/x.h": "int x;\n" * 251}),
    ("size-file", {"tests/unit/base/a_test.cc": "int x;\n" * 501}),
    ("size-function", {"src/base/a.cc": "namespace pawl {\n" + body(FUNCTION_CAP + 1) + "}\n"}),
    ("size-function", {"src/base/b.h": "class B {\n public:\n" + body(FUNCTION_CAP + 1) + "};\n"}),
    ("size-function", {"src/base/a.cc": "B::B(int x)\n    : x_(x) {\n" + "  f();\n" * 60 + "}\n"}),
    ("size-function", {"src/base/a.cc": "struct X F(struct Y y) {\n" + "  f();\n" * 60 + "}\n"}),
    ("size-median", {f"src/base/m{n}.cc": "int x;\n" * 121 for n in range(10)}),
    ("size-build", {"CMakeLists.txt": "add_library(x src/base/a.cc)\n"}),
    ("size-build", {"CMakeLists.txt": "message(x)\n" * 121}),
]

if __name__ == "__main__":
    run(globals(), CLEAN, PLANTED)
