"""The floor plan holds: an include goes only where the pawl_layer lines of src/CMakeLists.txt let it go."""

import re

from lintlib import Violation, includes, layer_of, run

RULES = {
    "layer-homeless": "every file below src/ belongs to a line of the floor plan",
    "layer-uses": "a layer includes only itself and what stands in its USES",
    "layer-third-party": "a third-party header is included only where its library stands in THIRD_PARTY",
    "layer-lws-private": "libwebsockets.h enters an adapter through one file, and if that is a header, it stays in the folder: "
                         "only the adapter's own thread may call the library",
    "layer-public": "public headers include only C (in .hpp: C++) standard headers and each other",
    "layer-example": "an example includes only public and standard headers",
}

# Which library a system header belongs to.
HOMES = [
    (r"sodium(\.h|/)", {"sodium"}),
    (r"openssl/(ssl|tls1|x509|x509v3|pem|bio|err)\.h", {"libssl"}),
    (r"openssl/", {"libcrypto", "libssl"}),
    (r"sqlcipher/|sqlite3", {"sqlcipher"}),
    (r"flatbuffers/", {"flatbuffers"}),
    (r"libwebsockets|lws_|uv\.h|ev\.h", {"libwebsockets"}),
    (r"gtest/|gmock/|benchmark/", set()),
]
SOURCES = ("*.h", "*.cc")
# A header with a slash or of C++'s own kind is not C; what is left must be the C standard's.
C_STANDARD = {f"{name}.h" for name in "assert errno float inttypes limits stdarg stdbool stddef stdint string".split()}


def home_of(header):
    for pattern, homes in HOMES:
        if re.match(pattern, header):
            return homes
    return None


def check_source(tree, path, layers):
    inside = path[len("src/"):]
    own = layer_of(inside, layers)
    if own is None:
        yield Violation("layer-homeless", path, 1, "no pawl_layer line covers this file")
        return
    for line, system, header in includes(tree.text(path)):
        if header.endswith("_generated.h"):
            system, header = True, "flatbuffers/" + header
        homes = home_of(header)
        if system or homes is not None:  # FlatBuffers' own headers are quoted by custom
            if homes is not None and not homes.intersection(layers[own].third_party):
                yield Violation("layer-third-party", path, line, f"{own} may not include <{header}>")
            continue
        other = layer_of(header, layers)
        if header.startswith("pawl/"):
            if own != "capi":
                yield Violation("layer-uses", path, line, f"{own} includes a public header; only capi may")
        elif other is None and not header.startswith("absl/"):
            yield Violation("layer-uses", path, line, f'"{header}" is in no layer; paths start at src/')
        elif other is not None and other != own and other not in layers[own].uses:
            yield Violation("layer-uses", path, line, f"{own} may not include {other} ({header})")


def check_lws(tree, sources):
    by_folder = {}
    for path in sources:
        for line, _, header in includes(tree.text(path)):
            if header.startswith("libwebsockets"):
                by_folder.setdefault(path.rsplit("/", 1)[0], []).append((path, line))
    gates = {users[0][0] for users in by_folder.values()}
    for users in by_folder.values():
        for path, line in users[1:]:
            yield Violation("layer-lws-private", path, line, f"it comes in through {users[0][0]} already")
    for path in sources:
        for line, _, header in includes(tree.text(path)):
            if f"src/{header}" in gates and not path.startswith(f"src/{header}".rsplit("/", 1)[0] + "/"):
                yield Violation("layer-lws-private", path, line, f"{header} is private to its folder")


def check(tree):
    layers = tree.layers()
    sources = tree.files(*SOURCES, below="src")
    for path in sources:
        yield from check_source(tree, path, layers)
    yield from check_lws(tree, sources)
    for path in tree.files("*.h", "*.hpp", below="include"):
        for line, system, header in includes(tree.text(path)):
            if system and (header in C_STANDARD or (path.endswith(".hpp") and re.fullmatch(r"[a-z_]+", header))):
                continue
            if header.startswith("pawl/"):
                continue
            yield Violation("layer-public", path, line, f"{header} does not belong in a public header")
    for path in tree.files("examples/*.c", "examples/*.cc", below="examples"):
        if path.count("/") != 1:
            continue
        for line, system, header in includes(tree.text(path)):
            if not header.startswith("pawl/") and (not system or "/" in header.replace("sys/", "")):
                yield Violation("layer-example", path, line, f"{header} is neither public nor standard")


CLEAN = {
    "src/crypto/aead.cc": '#include "crypto/aead.h"\n#include <sodium.h>\n#include <openssl/evp.h>\n',
    "src/crypto/aead.h": '#include "base/status.h"\n#include "absl/types/span.h"\n',
    "src/transport/ws/client.cc": "#include <libwebsockets.h>\n#include <openssl/ssl.h>\n",
    "src/wire/content.cc": '#include "wire/content_generated.h"\n// #include <sodium.h>\n',
    "include/pawl/pawl.h": '#include <stdint.h>\n#include "pawl/status.h"\n',
    "include/pawl/pawl.hpp": "#include <span>\n",
    "examples/two_party.c": "#include <pawl/pawl.h>\n#include <stdio.h>\n",
}
PLANTED = [
    ("layer-homeless", {"src/loose.cc": ""}),
    ("layer-homeless", {"src/newroom/x.cc": ""}),
    ("layer-uses", {"src/base/status.h": '#include "crypto/aead.h"\n'}),
    ("layer-uses", {"src/transport/machine.cc": '#include "transport/ws/client.h"\n'}),
    ("layer-uses", {"src/crypto/aead.h": '#include "status.h"\n'}),
    ("layer-uses", {"src/base/status.h": '#include "pawl/status.h"\n'}),
    ("layer-third-party", {"src/db/key.cc": "#include <sodium.h>\n"}),
    ("layer-third-party", {"src/crypto/tls.cc": "#include <openssl/ssl.h>\n"}),
    ("layer-third-party", {"src/crypto/rows.cc": "#include <sqlcipher/sqlite3.h>\n"}),
    ("layer-third-party", {"src/db/view.cc": '#include "wire/content_generated.h"\n'}),
    ("layer-lws-private", {"src/transport/ws/other.cc": "#include <libwebsockets.h>\n"}),
    ("layer-lws-private", {"src/transport/ws/impl.h": "#include <libwebsockets.h>\n",
                           "src/transport/ws/client.cc": '#include "transport/ws/impl.h"\n',
                           "src/client/runner/thread.cc": '#include "transport/ws/impl.h"\n'}),
    ("layer-public", {"include/pawl/pawl.h": '#include "absl/status/status.h"\n'}),
    ("layer-public", {"include/pawl/pawl.h": "#include <vector>\n"}),
    ("layer-example", {"examples/two_party.c": '#include "crypto/aead.h"\n'}),
]

if __name__ == "__main__":
    run(globals(), CLEAN, PLANTED)
