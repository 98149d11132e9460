"""One process with the system's libraries and libpawl in it, loaded in a given order; each is used after all are there.

    guest.py LIBPAWL {before,after} OTHERS_MODE PAWL_MODE FOLDER LIBRARY…

`before`: the others are loaded before libpawl. A mode is LOCAL or GLOBAL, as of dlopen. A slice without a store is used
as far as it goes.
"""

import ctypes
import sys
from pathlib import Path

from pawl_calls import Pawl

MODES = {"LOCAL": ctypes.RTLD_LOCAL, "GLOBAL": ctypes.RTLD_GLOBAL}


def load_others(libraries: list[str], mode: int) -> list[ctypes.CDLL]:
    loaded = [ctypes.CDLL(library, mode=mode) for library in libraries]
    import hashlib  # noqa: F401  Python's own OpenSSL and SQLite, at this point of the order
    import sqlite3  # noqa: F401
    import ssl  # noqa: F401
    return loaded


def use_python(folder: Path) -> None:
    import hashlib
    import sqlite3
    import ssl
    path = folder / "plain.db"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t(x)")
    database.execute("INSERT INTO t VALUES ('hers')")
    database.commit()
    assert database.execute("SELECT x FROM t").fetchall() == [("hers",)]
    database.close()
    assert path.read_bytes().startswith(b"SQLite format 3"), "Python's SQLite encrypts"
    assert hashlib.new("md5", b"", usedforsecurity=False).hexdigest() == "d41d8cd98f00b204e9800998ecf8427e"
    ssl.create_default_context().set_ciphers("ECDHE+AESGCM")


def use_sodium(libraries: list[ctypes.CDLL]) -> None:
    sodium = next(library for library in libraries if "sodium" in library._name)
    assert sodium.sodium_init() >= 0
    digest = ctypes.create_string_buffer(32)
    assert sodium.crypto_hash_sha256(digest, b"", ctypes.c_ulonglong(0)) == 0
    assert digest.raw.hex().startswith("e3b0c442"), "the system's libsodium computes something else"


def main() -> None:
    library, order, others_mode, pawl_mode, folder, *others = sys.argv[1:]
    loaded: list[ctypes.CDLL] = []
    if order == "before":
        loaded = load_others(others, MODES[others_mode])
    pawl = Pawl(library, MODES[pawl_mode])
    if order == "after":
        loaded = load_others(others, MODES[others_mode])
    for round in range(2):  # who is initialised by the other's use would show in the second one
        pawl.converse()
        use_python(Path(folder))
        use_sodium(loaded)
        (Path(folder) / "plain.db").unlink()
    if hasattr(pawl.lib, "pawl_client_open"):
        pawl.keep_a_store(Path(folder) / "store")
    print("all used")


if __name__ == "__main__":
    main()
