"""Shared by the lints: the tree's files, the floor plan, C++ without comments, exceptions, self-tests.

A lint is a module with RULES (a dict of rule name to its one-line meaning) and check(tree), a generator of
Violation. run(...) gives it a command line: without arguments it checks the tree, with --self-test it checks small
trees with a planted violation each and fails unless every one is caught and a clean tree passes.
"""

import pathlib
import re
import sys
import tempfile
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED_FOLDERS = {".git", "build", "__pycache__", ".cache", ".vscode", ".idea"}


class Violation(NamedTuple):
    rule: str
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


class Layer(NamedTuple):
    uses: tuple
    third_party: tuple


class Tree:
    """A source tree: the real one, or a small one that a self-test made."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self._texts = {}

    def files(self, *patterns, below=""):
        """Paths relative to the root, sorted, that match a glob pattern of their name."""
        found = []
        base = self.root / below
        if not base.exists():
            return found
        for path in base.rglob("*"):
            relative = path.relative_to(self.root)
            if SKIPPED_FOLDERS.intersection(relative.parts) or not path.is_file() or path.is_symlink():
                continue
            if any(relative.match(pattern) for pattern in patterns):
                found.append(relative.as_posix())
        return sorted(found)

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def lines(self, path):
        return self.text(path).splitlines()

    def exists(self, path):
        return (self.root / path).exists()

    def layers(self):
        """The pawl_layer lines of src/CMakeLists.txt, which are the build's own."""
        plan = re.sub(r"#.*", "", self.text("src/CMakeLists.txt"))
        layers = {}
        for arguments in re.findall(r"\bpawl_layer\(([^)]*)\)", plan):
            words = arguments.split()
            lists = {"USES": [], "THIRD_PARTY": []}
            current = None
            for word in words[1:]:
                if word in lists:
                    current = lists[word]
                else:
                    current.append(word)
            layers[words[0]] = Layer(tuple(lists["USES"]), tuple(lists["THIRD_PARTY"]))
        return layers


def layer_of(path, layers):
    """The layer of a path below src/: the longest name that is a folder above it, or None."""
    owners = [name for name in layers if path.startswith(name + "/")]
    return max(owners, key=len, default=None)


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<raw>[^(\s]{0,16})\(.*?\)(?P=raw)"|"(?:\\.|[^"\\\n])*"|'
    r"(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)


def code_only(text):
    """C++ with comments and the insides of literals blanked, every line break kept."""
    def blank(match):
        token = match.group(0)
        kept = re.sub(r"[^\n]", " ", token)
        return '"' + kept[1:-1] + '"' if token[0] in '"R' and len(token) > 1 else kept
    return _TOKEN.sub(blank, text)


INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(text):
    """(line, is_system, path) of each include."""
    without_comments = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.DOTALL)
    for match in INCLUDE.finditer(without_comments):
        yield without_comments.count("\n", 0, match.start(2)) + 1, match.group(1) == "<", match.group(2)


def exceptions(tree):
    """tests/lint/exceptions.txt: {(rule, path): line number}. Each line gives its reason."""
    found = {}
    path = "tests/lint/exceptions.txt"
    if not tree.exists(path):
        return found
    for number, line in enumerate(tree.lines(path), 1):
        if not line.strip() or line.startswith("#"):
            continue
        words = line.split(None, 2)
        if len(words) < 3:
            raise SystemExit(f"{path}:{number}: want: RULE PATH REASON")
        found[words[0], words[1]] = number
    return found


def violations(module, tree):
    """What the lint finds, less the reviewed exceptions, plus the exceptions that excuse nothing."""
    excused = {key: line for key, line in exceptions(tree).items() if key[0] in module["RULES"]}
    used = set()
    result = []
    for violation in module["check"](tree):
        key = violation.rule, violation.path
        if key in excused:
            used.add(key)
        else:
            result.append(violation)
    for key in sorted(set(excused) - used):
        result.append(Violation(key[0], "tests/lint/exceptions.txt", excused[key], f"excuses nothing in {key[1]}"))
    return result


FLOOR_PLAN = """
pawl_layer(base)
pawl_layer(crypto USES base THIRD_PARTY sodium libcrypto)
pawl_layer(wire USES base THIRD_PARTY flatbuffers)
pawl_layer(db USES base crypto THIRD_PARTY sqlcipher)
pawl_layer(transport USES base wire)
pawl_layer(transport/ws USES base wire transport THIRD_PARTY libwebsockets libssl)
pawl_layer(client/runner USES base transport transport/ws)
pawl_layer(capi USES base)
"""


def self_test(module, clean, planted):
    """clean: {path: text} that passes. planted: [(rule, {path: text})], each laid over the clean tree."""
    failures = []

    def found(files):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {"src/CMakeLists.txt": FLOOR_PLAN, **files}.items():
                target = pathlib.Path(folder, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            return violations(module, Tree(folder))

    for violation in found(clean):
        failures.append(f"false alarm in the clean tree: {violation}")
    for rule, files in planted:
        caught = {violation.rule for violation in found({**clean, **files})}
        if rule not in caught:
            failures.append(f"planted and not caught: {rule} in {', '.join(files)}")
        elif caught != {rule}:
            failures.append(f"planted {rule}, but also found {sorted(caught - {rule})} in {', '.join(files)}")
    untested = set(module["RULES"]) - {rule for rule, _ in planted}
    failures += [f"no planted violation for rule {rule}" for rule in sorted(untested)]
    return failures


def run(module, clean, planted):
    """The command line of a lint."""
    if "--self-test" in sys.argv[1:]:
        failures = self_test(module, clean, planted)
        print("\n".join(failures) or f"{len(planted)} planted violations caught")
    else:
        failures = violations(module, Tree(ROOT))
        for failure in failures:
            print(failure)
        if failures:
            rules = sorted({failure.rule for failure in failures})
            print("\n".join(["", *(f"{rule}: {module['RULES'][rule]}" for rule in rules)]))
    sys.exit(1 if failures else 0)
