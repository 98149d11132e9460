"""Links of the documentation lead somewhere: the file is there, and so is the place in it."""

import posixpath
import re

from lintlib import Violation, run

RULES = {
    "link-file": "a relative link names a file or folder of the tree",
    "link-place": "what follows # is a heading, or an <a id=…>, of the file",
}

_CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_ELSEWHERE = "tests/bindings/golden/"  # what the generator makes of another header for docs/reference: links of there
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:")


def blanked(text):
    """The text without its code, every line break kept."""
    return _CODE.sub(lambda it: re.sub(r"[^\n]", " ", it[0]), text)


def slug(heading):
    """What a heading is linked by, as the hosts of repositories make it."""
    plain = re.sub(r"<[^>]*>|\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def places(text):
    """The places of a file that a link may name."""
    found = set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
    seen = {}
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE):
        name = slug(heading)
        number = seen[name] = seen.get(name, -1) + 1
        found.add(f"{name}-{number}" if number else name)
    return found


def check(tree):
    known = {}
    for path in tree.files("*.md"):
        if path.startswith(_ELSEWHERE):
            continue
        text = blanked(tree.text(path))
        for match in _LINK.finditer(text):
            target, _, place = match[1].partition("#")
            if _OUTSIDE.match(match[1]):
                continue
            line = text.count("\n", 0, match.start()) + 1
            to = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            if to.startswith("../") or not tree.exists(to):
                yield Violation("link-file", path, line, match[1])
            elif place and to.endswith(".md"):
                if to not in known:
                    known[to] = places(tree.text(to))
                if place not in known[to]:
                    yield Violation("link-place", path, line, match[1])


CLEAN = {
    "README.md": (
        "# Pawl\n\nSee [a](docs/a.md#one-two), [`b`](docs/a.md#b), [again](docs/a.md#one-two-1), [here](#pawl), [src](src)\n"
        "and [outside](https://example.org/x#y).\n\n`[code](nowhere.md)`\n\n```\n[code](nowhere.md)\n# no heading\n```\n"
    ),
    "docs/a.md": '# One `two`\n\n## One: two!\n\n| <a id="b"></a>`b` |\n\n[up](../README.md)\n',
}
PLANTED = [
    ("link-file", {"docs/b.md": "[a](c.md)\n"}),
    ("link-file", {"docs/b.md": "[a](../docs/c.md#one)\n"}),
    ("link-file", {"README.md": "[a](/docs/a.md)\n"}),
    ("link-file", {"docs/b.md": "[a](../../outside.md)\n"}),
    ("link-place", {"docs/b.md": "[a](a.md#three)\n"}),
    ("link-place", {"docs/b.md": "[a](#b)\n"}),
    ("link-place", {"README.md": "# Pawl\n\n```\n# no heading\n```\n\n[a](#no-heading)\n"}),
]

if __name__ == "__main__":
    run(globals(), CLEAN, PLANTED)
