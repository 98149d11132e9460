"""The files of a layer can be compiled together (_pawl_together in cmake/PawlLayer.cmake): their constants differ by name."""

import re
from collections import defaultdict

from lintlib import Violation, code_only, layer_of, run

RULES = {"name-twice": "a constant of a .cc file has no namesake in another file of its layer"}

_CONSTANT = re.compile(r"^(?:(?:static|inline) )*(?:constexpr|const) [^=;{}()]*?\b(k[A-Z]\w*)\b", re.MULTILINE)


def check(tree):
    layers = tree.layers()
    first = defaultdict(dict)
    for path in tree.files("*.cc", below="src"):
        code = code_only(tree.text(path))
        for match in _CONSTANT.finditer(code):
            layer = layer_of(path.removeprefix("src/"), layers)
            other = first[layer].setdefault(match[1], path)
            if other != path:
                yield Violation("name-twice", path, code.count("\n", 0, match.start()) + 1, f"{match[1]} is in {other}, too")


CLEAN = {
    "src/CMakeLists.txt": "pawl_layer(base)\npawl_layer(wire USES base)\n",
    "src/base/a.cc": "namespace {\nconstexpr size_t kPage = 1;\n// constexpr size_t kText = 1;\n}\nvoid F() {\n  constexpr int kOwn = 1;\n}\n",
    "src/base/b.cc": "namespace {\nconstexpr size_t kText = 1;\n}\nvoid G() {\n  constexpr int kOwn = 1;\n}\n",
    "src/wire/c.cc": "constexpr size_t kPage = 2;\n",
}
PLANTED = [
    ("name-twice", {"src/base/c.cc": "constexpr size_t kPage = 1;\n"}),
    ("name-twice", {"src/base/c.cc": "static constexpr std::string_view kText = \"a\";\n"}),
    ("name-twice", {"src/wire/d.cc": "namespace {\nconst int kPage = 3;\n}\n"}),
]

if __name__ == "__main__":
    run(globals(), CLEAN, PLANTED)
