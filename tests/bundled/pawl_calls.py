"""libpawl through ctypes, as far as the coexistence test needs it: a session between two identities, an encrypted store."""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int32, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from pathlib import Path

KEY = bytes(range(32))
TEXT = b"nobody else's symbols in here"
CREATE, OFFLINE = 1, 2
OK = 0


class ClientOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("store_dir", c_char_p),
        ("passphrase", c_char_p),
        ("host_key", c_char_p),
        ("host_key_len", c_size_t),
        ("relay_url", c_char_p),
        ("pinned_spki", c_void_p),
        ("pinned_spki_len", c_size_t),
        ("ca_file", c_char_p),
        ("anchor_dir", c_char_p),
        ("queue_capacity", c_uint32),
        ("event_capacity", c_uint32),
        ("log", c_void_p),
        ("log_user", c_void_p),
        ("log_level", c_int32),
        ("own_copy_delay_ms", c_uint32),
        ("anchor_generation", c_uint64),
    ]


class Pawl:
    def __init__(self, library: str, mode: int) -> None:
        self.lib = ctypes.CDLL(library, mode=mode)
        self.lib.pawl_buffer_data.restype = POINTER(c_uint8)
        self.lib.pawl_buffer_data.argtypes = [c_void_p]
        self.lib.pawl_buffer_size.restype = c_size_t
        self.lib.pawl_buffer_size.argtypes = [c_void_p]
        self.lib.pawl_status_name.restype = c_char_p

    def call(self, name: str, *arguments: object) -> None:
        status = getattr(self.lib, name)(*arguments)
        if status != OK:
            raise RuntimeError(f"{name}: {self.lib.pawl_status_name(status).decode()}")

    def identity(self, address: bytes) -> c_void_p:
        identity = c_void_p()
        self.call("pawl_identity_create", address, byref(identity))
        return identity

    def bundle(self, identity: c_void_p) -> bytes:
        buffer = c_void_p()
        self.call("pawl_identity_bundle", identity, byref(buffer))
        return bytes(self.lib.pawl_buffer_data(buffer)[: self.lib.pawl_buffer_size(buffer)])

    def converse(self) -> None:
        """One message from one identity to another; what is sent does not hold the text, what arrives is it."""
        alice, bob = self.identity(b"alice@example.org"), self.identity(b"bob@example.org")
        to_bob, to_alice, room, length = c_void_p(), c_void_p(), (c_uint8 * 65536)(), c_size_t()
        from_alice, from_bob = self.bundle(alice), self.bundle(bob)
        self.call("pawl_session_initiate", alice, from_bob, c_size_t(len(from_bob)), None, byref(to_bob))
        self.call("pawl_session_encrypt", to_bob, TEXT, c_size_t(len(TEXT)), room, c_size_t(len(room)), byref(length))
        envelope = bytes(room[: length.value])
        self.call("pawl_session_accept", bob, from_alice, c_size_t(len(from_alice)), None, envelope,
                  c_size_t(len(envelope)), room, c_size_t(len(room)), byref(length), byref(to_alice))
        if TEXT in envelope or bytes(room[: length.value]) != TEXT:
            raise RuntimeError("the text travelled in the clear, or did not arrive")

    def open_store(self, folder: Path, key: bytes, flags: int = 0) -> c_void_p:
        options = ClientOptions(struct_size=ctypes.sizeof(ClientOptions), flags=flags | OFFLINE,
                                store_dir=str(folder).encode(), host_key=key, host_key_len=len(key),
                                relay_url=b"ws://127.0.0.1:1", anchor_dir=str(folder).encode() + b"-anchor")
        client = c_void_p()
        self.call("pawl_client_open", byref(options), byref(client))
        return client

    def keep_a_store(self, folder: Path) -> None:
        """Makes a store, opens it again with its key, and not with another; none of its files is a plain database."""
        self.lib.pawl_client_release(self.open_store(folder, KEY, CREATE))
        files = {path: path.read_bytes()[:16] for path in folder.iterdir() if path.is_file()}
        if not any(len(head) == 16 for head in files.values()):
            raise RuntimeError("the store has no file")
        if any(head.startswith(b"SQLite format 3") for head in files.values()):
            raise RuntimeError("the store is written in plain text")
        self.lib.pawl_client_release(self.open_store(folder, KEY))
        try:
            self.open_store(folder, bytes(32))
        except RuntimeError as refused:
            if "WRONG_KEY" in str(refused):
                return
            raise
        raise RuntimeError("the store opens with a key that is not its own")
