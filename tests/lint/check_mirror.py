"""tests/unit mirrors src/, and every fuzz target has its seeds."""

import pathlib
import re

from lintlib import Violation, code_only, run

RULES = {
    "mirror-untested": "every src/<layer>/x.cc has tests/unit/<layer>/x_test.cc (not capi/x.cc behind include/pawl/x.h)",
    "mirror-capi": "every function of include/pawl/*.h is called by a program of tests/capi",
    "mirror-stale": "every tests/unit/<layer>/x_test.cc tests a src/<layer>/x.{cc,h}, or a topic of it (x_topic_test.cc)",
    "mirror-corpus": "every tests/fuzz/x_fuzz.cc has seeds in tests/fuzz/corpus/x, at most 1 MiB",
    "mirror-readme": "every layer says in README.md what it owns and must never know, in at most 40 lines",
}
CORPUS_CAP = 1 << 20


def is_covered(tree, folder, stem, suffixes):
    return any(tree.exists(f"src/{folder}/{stem}{suffix}") for suffix in suffixes)


def check_stale(tree):
    for path in tree.files("*_test.cc", below="tests/unit"):
        folder, _, name = path[len("tests/unit/"):].rpartition("/")
        words = name[:-len("_test.cc")].split("_")
        if folder == "support":
            covered = any(tree.exists(f"tests/support/{'_'.join(words[:n])}.h") for n in range(1, len(words) + 1))
        else:
            covered = any(is_covered(tree, folder, "_".join(words[:n]), (".cc", ".h")) for n in range(1, len(words) + 1))
        if not covered:
            yield Violation("mirror-stale", path, 1, "no source file of this name")


def check_fuzz(tree):
    targets = {pathlib.PurePath(p).name[:-len("_fuzz.cc")]: p for p in tree.files("*_fuzz.cc", below="tests/fuzz")}
    corpora = {}
    for path in tree.files("*", below="tests/fuzz/corpus"):
        name = path.split("/")[3]
        corpora[name] = corpora.get(name, 0) + (tree.root / path).stat().st_size
    for name, path in targets.items():
        if name not in corpora:
            yield Violation("mirror-corpus", path, 1, f"no seeds in tests/fuzz/corpus/{name}")
    for name, size in corpora.items():
        if name not in targets:
            yield Violation("mirror-corpus", f"tests/fuzz/corpus/{name}", 1, "no target of this name")
        if size > CORPUS_CAP:
            yield Violation("mirror-corpus", f"tests/fuzz/corpus/{name}", 1, f"{size} bytes")


def check_capi(tree):
    programs = "".join(tree.text(path) for path in tree.files("*.c", "*.h", below="tests/capi"))
    called = set(re.findall(r"\bpawl_\w+(?=\s*\()", programs))
    for path in tree.files("*.h", below="include"):
        code = code_only(tree.text(path))
        for match in re.finditer(r"^PAWL_API\b[^;(]*?\b(pawl_\w+)\s*\(", code, re.MULTILINE):
            if match.group(1) not in called:
                yield Violation("mirror-capi", path, code.count("\n", 0, match.start(1)) + 1, match.group(1))


def check_readmes(tree):
    for layer in tree.layers():
        top = layer.split("/")[0]
        path = f"src/{top}/README.md"
        if layer != top or not tree.files("*.cc", "*.h", below=f"src/{top}"):
            continue
        if not tree.exists(path):
            yield Violation("mirror-readme", path, 1, "missing")
        elif len(tree.lines(path)) > 40:
            yield Violation("mirror-readme", path, 1, f"{len(tree.lines(path))} lines")


def check(tree):
    for path in tree.files("*.cc", below="src"):
        inside = path[len("src/"):]
        if inside.endswith("main.cc"):
            continue
        stem = inside[:-len(".cc")]
        if stem.startswith("capi/") and tree.exists(f"include/pawl/{stem[len('capi/'):]}.h"):
            continue  # mirror-capi looks at its functions one by one
        if not tree.exists(f"tests/unit/{stem}_test.cc"):
            yield Violation("mirror-untested", path, 1, "no unit test of this name")
    yield from check_capi(tree)
    yield from check_stale(tree)
    yield from check_fuzz(tree)
    yield from check_readmes(tree)


CLEAN = {
    "src/base/status.cc": "",
    "src/base/README.md": "# base\n",
    "src/base/bytes.h": "",
    "tests/unit/base/status_test.cc": "",
    "tests/unit/base/status_codes_test.cc": "",
    "tests/unit/base/bytes_test.cc": "",
    "src/capi/event.cc": "",
    "src/capi/README.md": "# capi\n",
    "include/pawl/event.h": "PAWL_API int32_t pawl_event_next(pawl_client *c,\n  pawl_event **out) PAWL_NOEXCEPT;\n",
    "tests/capi/event_queue.c": "int main(void) { return pawl_event_next(c, &e); }\n",
    "tests/fuzz/status_fuzz.cc": "",
    "tests/fuzz/corpus/status/seed": "x",
}
PLANTED = [
    ("mirror-untested", {"src/base/extra.cc": ""}),
    ("mirror-untested", {"src/capi/client.cc": ""}),
    ("mirror-capi", {"include/pawl/event.h": "PAWL_API int32_t pawl_event_other(void);\n"}),
    ("mirror-stale", {"tests/unit/base/gone_test.cc": ""}),
    ("mirror-stale", {"tests/unit/support/gone_test.cc": ""}),
    ("mirror-corpus", {"tests/fuzz/frame_fuzz.cc": ""}),
    ("mirror-corpus", {"tests/fuzz/corpus/gone/seed": "x"}),
    ("mirror-corpus", {"tests/fuzz/corpus/status/seed": "x" * (CORPUS_CAP + 1)}),
    ("mirror-readme", {"src/base/README.md": "line\n" * 41}),
]

if __name__ == "__main__":
    run(globals(), CLEAN, PLANTED)
