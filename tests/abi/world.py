"""A relay, two people who know each other on it, one good object of each kind, and good arguments for every function."""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import stub

from bindings.gen import model
from bindings.gen.model import Function, Param

API = model.load(stub.ROOT / "bindings/api.json")
PATIENCE_S = 120
KEY = b"k" * 32
ALICE, BOB = "alice@example.org", "bob@example.org"
FILE_SIZE = 1 << 20
ROOM = 70000  # more than any text or envelope of a small message

NUMBERS = {
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "pawl_status": ctypes.c_int32,
}
IN_PLACE = {"int": 8, "out_int": 8, "out_bool": 4, "out_handle": 8, "out_value": 16, "request_id": 8, "written": 8}
EVENTS = {it.short: it.value for it in API.enum("pawl_event_type").values}


def _type(ctype: str) -> type | None:
    if ctype == "void":
        return None
    return ctypes.c_void_p if ctype.endswith("*") else NUMBERS[ctype]


class Relay:
    """pawl-relay with a certificate of its own, on a port that the system chose."""

    def __init__(self, folder: str) -> None:
        command = [os.environ["PAWL_RELAY"], "--listen", "127.0.0.1:0", "--data", f"{folder}/relay", "--domain", "example.org",
                   "--dev-cert", "--rate-scale", "1000"]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        said: dict[str, str] = {}
        while not {"url", "pin"} <= said.keys():
            word, value = self.process.stdout.readline().split()[:2]
            said[word] = value
        self.url, self.pin = said["url"], bytes.fromhex(said["pin"])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Library:
    """The C ABI by ctypes, and the memory that is lent to it."""

    def __init__(self) -> None:
        self.loaded = ctypes.CDLL(os.environ["PAWL_LIBRARY"])
        self.kept: list[object] = []

    def call(self, function: Function, *arguments: object) -> object:
        called = getattr(self.loaded, function.name)
        called.argtypes = [_type(it.ctype) for it in function.params]
        called.restype = _type(function.return_ctype)
        return called(*arguments)

    def demand(self, name: str, *arguments: object) -> None:
        status = self.call(API.function(name), *arguments)
        if status != 0:
            raise AssertionError(f"{name}: {status}")

    def make(self, name: str, *arguments: object) -> ctypes.c_void_p:
        """The object that a function gives last."""
        made = ctypes.c_void_p()
        self.demand(name, *arguments, ctypes.byref(made))
        return made

    def request(self, name: str, *arguments: object) -> int:
        asked = ctypes.c_uint64()
        self.demand(name, *arguments, ctypes.byref(asked))
        return asked.value

    def content(self, buffer: ctypes.c_void_p) -> bytes:
        """What is in a pawl_buffer, which is released."""
        data, size = (self.call(API.function(f"pawl_buffer_{it}"), buffer) for it in ("data", "size"))
        assert isinstance(data, int) and isinstance(size, int)
        read = ctypes.string_at(data, size)
        self.call(API.function("pawl_buffer_release"), buffer)
        return read

    def bytes(self, content: bytes) -> ctypes.c_void_p:
        buffer = ctypes.create_string_buffer(content, len(content))
        self.kept.append(buffer)
        return ctypes.cast(buffer, ctypes.c_void_p)

    def text(self, content: str) -> ctypes.c_void_p:
        return self.bytes(content.encode() + b"\0")

    def struct(self, name: str, **values: int | ctypes.c_void_p) -> ctypes.c_void_p:
        """Initialised, with these fields."""
        shape = API.struct(name)
        made = self.bytes(bytes(shape.size))
        for field in shape.fields:
            value = shape.size if field.name == "struct_size" else values.get(field.name, 0)
            number = value.value if isinstance(value, ctypes.c_void_p) else value
            if number:
                ctypes.memmove((made.value or 0) + field.offset, number.to_bytes(8, sys.byteorder), field.size)
        return made

    @staticmethod
    def field(struct: str, at: int, name: str) -> int:
        field = next(it for it in API.struct(struct).fields if it.name == name)
        return int.from_bytes(ctypes.string_at(at + field.offset, field.size), sys.byteorder)


class World(Library):
    def __init__(self, folder: str, relay: Relay) -> None:
        super().__init__()
        self.folder, self.relay = folder, relay
        self.opened = 0
        Path(folder, "file").write_bytes(b"content")
        self.file = os.open(f"{folder}/file", os.O_RDONLY)
        self.objects: dict[str, ctypes.c_void_p] = {}
        self._people()
        self._devices()
        self._pages()

    def _people(self) -> None:
        """Alice and Bob, registered, and contacts of each other."""
        alice = self.objects["pawl_client"] = self.make("pawl_client_open", self.client_options("alice"))
        self.bob = self.make("pawl_client_open", self.client_options("bob"))
        for client, name in ((alice, ALICE), (self.bob, BOB)):
            self.wait(client, self.request("pawl_account_register", client, self.text(name), None))
        self.wait(alice, self.request("pawl_contact_request", alice, self.text(BOB), None))
        self.until(self.bob, lambda event: self.field("pawl_event", event, "type") == EVENTS["CONTACT_REQUEST"])
        self.wait(self.bob, self.request("pawl_contact_answer", self.bob, self.text(ALICE), 1))
        self.until(alice, lambda event: self.field("pawl_event", event, "type") == EVENTS["CONTACT_ANSWER"])

    def _devices(self) -> None:
        """Two identities that have a session, begun by Bob."""
        alice = self.objects["pawl_identity"] = self.make("pawl_identity_create", self.text(ALICE))
        self.bobs = self.make("pawl_identity_create", self.text(BOB))
        self.bundle = self.content(self.make("pawl_identity_bundle", self.bobs))
        self.begun = self.begin()
        first = self.envelope(self.begun)
        given = self.bytes(self.bundle), len(self.bundle), None, self.bytes(first), len(first)
        opened = self.bytes(bytes(ROOM)), ROOM, self.bytes(bytes(8))
        self.objects["pawl_session"] = self.make("pawl_session_accept", alice, *given, *opened)
        self.other = self.make("pawl_session_initiate", alice, self.bytes(self.bundle), len(self.bundle), None)
        self.objects["pawl_buffer"] = self.make("pawl_identity_bundle", alice)

    def _pages(self) -> None:
        client, objects = self.objects["pawl_client"], self.objects
        conversation = objects["pawl_conversation"] = self.make("pawl_conversation_open", client, self.text(BOB))
        ids = self.bytes(bytes(16)), self.bytes(bytes(8))
        objects["pawl_upload"] = self.make("pawl_upload_begin", conversation, FILE_SIZE, None, *ids)
        objects["pawl_contacts"] = self.make("pawl_client_contacts", client)
        objects["pawl_conversations"] = self.make("pawl_client_conversations", client)
        objects["pawl_messages"] = self.make("pawl_conversation_history", conversation, 0, 1)
        objects["pawl_devices"] = self.make("pawl_account_devices", client)
        self.request("pawl_attachment_cancel", client, self.bytes(bytes(16)))  # there will be its end to tell
        objects["pawl_events"] = self.make("pawl_client_wait_events", client, 1, PATIENCE_S * 1000)
        peek = objects["pawl_peek"] = self.make("pawl_peek_open", self.good(API.function("pawl_peek_open").params[0]))
        objects["pawl_peeked"] = self.make("pawl_peek_envelope", peek, self.bytes(KEY), len(KEY))

    def close(self) -> None:
        for kind, it in reversed(self.objects.items()):
            self.release(kind, it)
        for session in (self.begun, self.other):
            self.release("pawl_session", session)
        self.release("pawl_identity", self.bobs)
        self.release("pawl_client", self.bob)
        os.close(self.file)

    def release(self, kind: str, it: ctypes.c_void_p) -> None:
        self.call(API.function(API.handle(kind).release), it)

    def until(self, client: ctypes.c_void_p, wanted: Callable[[int], bool]) -> int:
        """The address of the first event that is wanted. Its page is not released."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            page = self.make("pawl_client_wait_events", client, 1, PATIENCE_S * 1000)
            event = self.call(API.function("pawl_events_at"), page, 0)
            assert isinstance(event, int)
            if wanted(event):
                return event
            self.release("pawl_events", page)
        raise AssertionError("the event never came")

    def wait(self, client: ctypes.c_void_p, request: int) -> int:
        """The completion of a request, which must have succeeded."""
        event = self.until(client, lambda it: self.field("pawl_event", it, "request_id") == request)
        status = ctypes.c_int32(self.field("pawl_event", event, "status")).value
        assert status == 0, f"request {request}: {status}"
        return event

    def begin(self) -> ctypes.c_void_p:
        """A session that Bob begins with Alice."""
        bundle = self.content(self.make("pawl_identity_bundle", self.objects["pawl_identity"]))
        return self.make("pawl_session_initiate", self.bobs, self.bytes(bundle), len(bundle), None)

    def envelope(self, session: ctypes.c_void_p) -> bytes:
        room, size = self.bytes(bytes(ROOM)), ctypes.c_size_t()
        self.demand("pawl_session_encrypt", session, self.bytes(b"hello"), 5, room, ROOM, ctypes.byref(size))
        return ctypes.string_at(room, size.value)

    def first_envelope(self) -> bytes:
        """What nobody has accepted yet."""
        session = self.begin()
        try:
            return self.envelope(session)
        finally:
            self.release("pawl_session", session)

    def sealed(self, kind: str) -> bytes:
        return self.content(self.make(f"{kind}_save", self.objects[kind], self.bytes(KEY), len(KEY)))

    def backup(self) -> bytes:
        """What Alice's account is exported to, under the passphrase that good() gives."""
        client = self.objects["pawl_client"]
        event = self.wait(client, self.request("pawl_account_export", client, self.text(BOB)))
        return ctypes.string_at(self.field("pawl_event", event, "data"), self.field("pawl_event", event, "data_len"))

    def client_options(self, name: str) -> ctypes.c_void_p:
        return self.struct("pawl_client_options", flags=1, own_copy_delay_ms=1, relay_url=self.text(self.relay.url),
                           pinned_spki=self.bytes(self.relay.pin), pinned_spki_len=len(self.relay.pin),
                           **self.store(name))  # fmt: skip

    def store(self, name: str) -> dict[str, int | ctypes.c_void_p]:
        folders = {"store_dir": self.text(f"{self.folder}/{name}"), "anchor_dir": self.text(f"{self.folder}/{name}-anchor")}
        return {**folders, "host_key": self.bytes(KEY), "host_key_len": len(KEY)}

    # Good arguments. What is not special is good by its shape, also in functions to come.

    def arguments(self, function: Function) -> list[object]:
        """One good call."""
        given: dict[str, object] = {}
        for it in function.params:
            if it.shape == "bytes":
                content = self.content_for(function, it)
                given |= {it.name: self.bytes(content), f"{it.name}_len": len(content)}
            elif it.name not in given:
                given[it.name] = self.good(it)
        return [given[it.name] for it in function.params]

    def content_for(self, function: Function, parameter: Param) -> bytes:
        if parameter.name == "peer_bundle":
            return self.bundle
        if parameter.name == "sealed":
            return self.sealed(function.name.removesuffix("_restore"))
        if parameter.name == "backup":
            return self.backup()
        if parameter.name == "envelope":
            return self.envelope(self.begun) if function.name == "pawl_session_decrypt" else self.first_envelope()
        return KEY

    def good(self, it: Param) -> object:
        if it.name in ("second", "path", "fd", "timeout_ms", "device_id"):
            return self.special(it)
        if it.shape in ("self", "handle"):
            return self.objects[it.of]
        if it.shape == "text":  # of a passphrase and a host key exactly one is good
            return None if it.nullable else self.text(BOB)
        if it.shape == "value":
            return self.bytes(KEY)
        if it.shape in ("out_text", "out_bytes"):
            return self.bytes(bytes(ROOM))
        if it.shape in ("options", "out_result"):
            return self.struct_for(it.of)
        if not it.ctype.endswith("*"):
            return ROOM if it.shape == "capacity" else 1
        return self.bytes(bytes(IN_PLACE[it.shape]))

    def special(self, it: Param) -> object:
        return {
            "second": self.other,
            "path": self.text(f"{self.folder}/file"),
            "fd": self.file,
            "timeout_ms": PATIENCE_S * 1000,
            "device_id": 99,  # no device of Alice's: she is to stay
        }[it.name]

    def struct_for(self, name: str) -> ctypes.c_void_p:
        if name == "pawl_client_options":
            self.opened += 1
            return self.client_options(f"another-{self.opened}")
        if name == "pawl_peek_options":
            return self.struct(name, **self.store("alice"))
        return self.struct(name, kind=1, text=self.text("hello"))
