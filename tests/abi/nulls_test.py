"""Every pointer of every function of the lock, null and wrong: a typed refusal, or what null is documented to mean; never
a crash. A new function is covered without a line here. PAWL_LIBRARY names the library."""

import ctypes
import faulthandler
import os
import sys
import tempfile
import unittest
from pathlib import Path

import stub

from bindings.gen import model

API = model.load(stub.ROOT / "bindings/api.json")
# PAWL_E_INVALID_ARGUMENT, PAWL_E_BAD_HANDLE; PAWL_E_WRONG_STATE and PAWL_E_NOT_FOUND, because this client has no account
# and no contact; what is wrong with a peer's bytes, because some of these are none.
REFUSED = {-101, -102, -105, -106, *range(-299, -200)}
NO_HANDLE = 0x10  # an address that no object of Pawl has
ROOM = 70000  # more than any text or envelope of a small message

SHORT = {"int32_t": ctypes.c_int32, "uint32_t": ctypes.c_uint32, "int64_t": ctypes.c_int64, "uint64_t": ctypes.c_uint64}
NUMBERS = {**SHORT, "size_t": ctypes.c_size_t, "pawl_status": ctypes.c_int32}
IN_PLACE = {"int": 8, "out_int": 8, "out_bool": 4, "out_handle": 8, "out_value": 16, "request_id": 8, "written": 8}


class World:
    """One good object of each kind that can be had without a relay, and good arguments for everything else."""

    def __init__(self, library: ctypes.CDLL, folder: str) -> None:
        self.library = library
        self.kept: list[object] = []
        self.objects: dict[str, ctypes.c_void_p] = {}
        for name in ("relay_url", "store_dir", "anchor_dir"):
            setattr(self, name, self.text("wss://127.0.0.1:1" if name == "relay_url" else f"{folder}/{name}"))
        bob = self.make("pawl_identity_create", self.text("bob@example.org"))
        self.add("pawl_identity", "pawl_identity_create", self.text("alice@example.org"))
        alice = self.objects["pawl_identity"]
        self.add("pawl_buffer", "pawl_identity_bundle", bob)
        self.bundle = self.content(self.objects["pawl_buffer"])
        self.add("pawl_session", "pawl_session_initiate", alice, *self.bundle, None)
        self.add("pawl_client", "pawl_client_open", self.struct("pawl_client_options"))
        client = self.objects["pawl_client"]
        self.add("pawl_conversation", "pawl_conversation_open", client, self.text("bob@example.org"))
        self.add("pawl_contacts", "pawl_client_contacts", client)
        self.add("pawl_conversations", "pawl_client_conversations", client)
        self.add("pawl_messages", "pawl_conversation_history", self.objects["pawl_conversation"], ctypes.c_int64(0), 1)

    def make(self, function: str, *arguments: object) -> ctypes.c_void_p:
        made = ctypes.c_void_p()
        status = getattr(self.library, function)(*arguments, ctypes.byref(made))
        if status != 0:
            raise AssertionError(f"{function}: {status}")
        return made

    def add(self, kind: str, function: str, *arguments: object) -> None:
        self.objects[kind] = self.make(function, *arguments)

    def content(self, buffer: ctypes.c_void_p) -> tuple[ctypes.c_void_p, ctypes.c_size_t]:
        self.library.pawl_buffer_data.restype = ctypes.c_void_p
        self.library.pawl_buffer_size.restype = ctypes.c_size_t
        return ctypes.c_void_p(self.library.pawl_buffer_data(buffer)), ctypes.c_size_t(self.library.pawl_buffer_size(buffer))

    def bytes(self, content: bytes) -> ctypes.c_void_p:
        buffer = ctypes.create_string_buffer(content, len(content))
        self.kept.append(buffer)
        return ctypes.cast(buffer, ctypes.c_void_p)

    def text(self, content: str) -> ctypes.c_void_p:
        return self.bytes(content.encode() + b"\0")

    def struct(self, name: str) -> ctypes.c_void_p:
        """Initialised, with what a client or content needs to be a good one."""
        shape = next(it for it in API.structs if it.name == name)
        values = {"struct_size": shape.size, "flags": 3, "kind": 1, "host_key_len": 32, "host_key": self.bytes(b"k" * 32)}
        values |= {"text": self.text("hello"), "relay_url": self.relay_url}
        values |= {"store_dir": self.store_dir, "anchor_dir": self.anchor_dir}
        made = self.bytes(bytes(shape.size))
        for field in shape.fields:
            if field.name in values:
                value = values[field.name]
                number = value.value if isinstance(value, ctypes.c_void_p) else value
                ctypes.memmove((made.value or 0) + field.offset, (number or 0).to_bytes(8, sys.byteorder), field.size)
        return made

    def good(self, parameter: model.Param) -> object:
        shape = parameter.shape
        if shape in ("self", "handle"):
            return self.objects.get(parameter.of)
        if shape == "text":
            return self.text("bob@example.org")
        if shape in ("bytes", "length") and "bundle" in parameter.name:
            return self.bundle[0 if shape == "bytes" else 1]
        if shape in ("bytes", "value"):
            return self.bytes(b"k" * 32)
        if shape in ("out_text", "out_bytes"):
            return self.bytes(bytes(ROOM))
        if shape in ("options", "out_result"):
            return self.struct(parameter.of)
        if not parameter.ctype.endswith("*"):
            value = {"length": 32, "capacity": ROOM}.get(shape, 1)
            return NUMBERS[parameter.ctype](value)
        return self.bytes(bytes(IN_PLACE[shape]))


def pointers(function: model.Function) -> list[int]:
    return [i for i, it in enumerate(function.params) if it.ctype.endswith("*")]


class NullsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.world = World(ctypes.CDLL(os.environ["PAWL_LIBRARY"]), folder.name)

    def call(self, function: model.Function, replaced: dict[int, object]) -> int:
        print(function.name, sorted(replaced), flush=True)  # the last line names who crashed
        arguments = [replaced[i] if i in replaced else self.world.good(it) for i, it in enumerate(function.params)]
        called = getattr(self.world.library, function.name)
        called.restype = ctypes.c_int32
        return int(called(*arguments))

    def demand_refusal(self, function: model.Function, replaced: dict[int, object]) -> None:
        status = self.call(function, replaced)
        names = [function.params[i].name for i in replaced]
        if function.returns == "status":
            self.assertIn(status, REFUSED, f"{function.name}, {names}")

    def test_a_null_is_refused_where_it_is_not_documented_and_nowhere_crashes(self) -> None:
        for function in API.functions:
            for at in pointers(function):
                if function.params[at].nullable:
                    self.call(function, {at: None})
                else:
                    self.demand_refusal(function, {at: None})

    def test_all_of_them_null_is_refused(self) -> None:
        for function in API.functions:
            places = pointers(function)
            if all(function.params[at].nullable for at in places):
                self.call(function, dict.fromkeys(places))
            else:
                self.demand_refusal(function, dict.fromkeys(places))

    def test_what_is_no_handle_is_refused(self) -> None:
        for function in API.functions:
            for at, it in enumerate(function.params):
                if it.shape in ("self", "handle"):
                    self.demand_refusal(function, {at: ctypes.c_void_p(NO_HANDLE)})


if __name__ == "__main__":
    faulthandler.enable()
    unittest.main()
