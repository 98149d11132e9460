"""Whatever a function is given, the answer is a result or an exception with a type."""

import inspect
import mmap
import os
import re
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pawl
from rig import Folder

# A good value for each parameter, by its name.
SAMPLES: dict[str, Any] = {
    "accept": True, "account_key": bytes(32), "address": "bob@localhost", "backup": b"backup", "before": 0, "bytes": b"x",
    "content": pawl.Content(kind=pawl.ContentKind.TEXT, text="x"), "device_id": 1, "envelope": b"envelope", "fd": 0,
    "generation": 1, "host_key": bytes(32), "invitation": "x", "is_blocked": False, "is_typing": False, "is_verified": False,
    "key": bytes(32), "limit": 10, "link_request": b"x", "link_response": b"x", "max_events": 1, "message_id": bytes(16),
    "name": "x", "online": False, "passphrase": "x", "path": "nowhere", "peer_bundle": b"bundle", "plaintext": b"x",
    "plaintext_len": 1, "sealed": b"x", "seq": 1, "size": 1, "status": 0, "text": "x", "timeout_ms": 0, "known": None,
    "replaces": None,
}  # fmt: skip

# What may be None and yet has to be said.
MUST_BE_SAID = ("Session.accept(known)", "Session.encrypt(plaintext)")


class ArgumentsTest(Folder):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.offline()
        self.conversation = pawl.Conversation.open(self.client, "bob@localhost")
        self.identity = pawl.Identity.create("alice@localhost")
        self.peer = pawl.Identity.create("bob@localhost")
        self.session = pawl.Session.initiate(self.identity, self.peer.bundle())
        self.samples = {
            **SAMPLES, "client": self.client, "conversation": self.conversation, "identity": self.identity,
            "second": self.session,
            "store_dir": f"{self.folder}/no/such/folder",
        }  # fmt: skip

    def callables(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Every function and method of the package; what belongs to an object is bound to one."""
        owned = {"Client": self.client, "Conversation": self.conversation, "Identity": self.identity, "Session": self.session}
        for name in pawl.__all__:
            thing = getattr(pawl, name)
            if inspect.isbuiltin(thing):
                yield name, thing
            elif isinstance(thing, type) and thing.__module__ == "pawl" and hasattr(thing, "close"):
                for method in vars(thing):
                    if not method.startswith("_") and method not in ("close", "suspend", "resume"):
                        yield f"{name}.{method}", getattr(owned.get(name, thing), method)

    def parameters(self, function: Callable[..., Any]) -> list[inspect.Parameter]:
        return [it for it in inspect.signature(function).parameters.values() if it.name not in ("self", "module")]

    def call(self, function: Callable[..., Any], **instead: Any) -> BaseException | None:
        """What the function raised when it was called with good arguments but for `instead`."""
        given = {}
        for it in self.parameters(function):
            if it.name in instead:
                given[it.name] = instead[it.name]
            elif it.kind is not it.KEYWORD_ONLY or it.default is it.empty:
                given[it.name] = self.samples[it.name]
        try:
            function(**given)
        except BaseException as error:
            return error
        return None

    def test_none_is_a_type_error_or_what_it_may_be(self) -> None:
        count = 0
        for name, function in self.callables():
            for it in self.parameters(function):
                if name.startswith("Upload.") and not name.endswith("begin") or name in ("Peek.fetch", "Peek.envelope"):
                    continue  # need an object that stands behind a relay
                error = self.call(function, **{it.name: None})
                required = it.default is it.empty and f"{name}({it.name})" not in MUST_BE_SAID
                with self.subTest(f"{name}({it.name}=None)"):
                    if required or (it.kind is it.KEYWORD_ONLY and it.default is not None):
                        self.assertIs(type(error), TypeError)
                    else:
                        self.assertNotIsInstance(error, TypeError)
                    count += 1
        self.assertGreater(count, 80)

    def test_an_object_of_another_class_is_a_type_error(self) -> None:
        for name, function in self.callables():
            for it in self.parameters(function):
                if name.startswith(("Upload.write", "Peek.fetch", "Peek.envelope")):
                    continue
                with self.subTest(f"{name}({it.name})"):
                    self.assertIs(type(self.call(function, **{it.name: object()})), TypeError)

    def test_too_many_unknown_and_repeated_arguments(self) -> None:
        for bad in (
            lambda: self.client.ack(1, 2),  # type: ignore[call-arg]
            lambda: self.client.ack(),  # type: ignore[call-arg]
            lambda: self.client.ack(sequence=1),  # type: ignore[call-arg]
            lambda: self.client.ack(1, seq=1),  # type: ignore[misc]
            lambda: pawl.Client.open("here"),  # type: ignore[call-arg, misc, arg-type]
            lambda: pawl.Client.open(),  # type: ignore[call-arg]
            lambda: self.session.encrypt(),  # type: ignore[call-arg]
            lambda: pawl.Client(),
            lambda: pawl.Event(),
        ):
            self.assertRaises(TypeError, bad)

    def test_numbers_that_do_not_fit_are_overflows(self) -> None:
        for bad in (
            lambda: self.client.wait_events(2**32, 0),
            lambda: self.client.wait_events(-1, 0),
            lambda: self.client.wait_events(1, 2**31),
            lambda: self.client.ack(2**64),
            lambda: self.client.ack(-1),
            lambda: self.conversation.history(2**63, 1),
            lambda: self.session.encrypted_size(2**64),
        ):
            self.assertRaises(OverflowError, bad)
        self.assertRaises(TypeError, self.client.ack, 1.0)

    def test_text_with_a_null_character_or_half_a_character_is_a_value_error(self) -> None:
        self.assertRaises(ValueError, self.client.contact_request, "bob\0@localhost")
        self.assertRaises(ValueError, self.client.contact_request, "\ud800@localhost")
        self.assertRaises(ValueError, pawl.Content, text="a\0b")

    def test_bytes_come_from_every_buffer(self) -> None:
        key = self.identity.save(bytes(32))
        for sealed in (key, bytearray(key), memoryview(key), memoryview(bytearray(key))):
            self.assertEqual(pawl.Identity.restore(sealed, bytes(32)).address(), "alice@localhost")
        self.assertRaises(BufferError, pawl.Identity.restore, memoryview(key + key)[::2], bytes(32))
        self.assertRaises(TypeError, pawl.Identity.restore, "text", bytes(32))
        self.assertRaises(pawl.InvalidArgumentError, pawl.Identity.restore, key, bytes(31))
        self.assertRaises(ValueError, self.conversation.mark_read, bytes(15))

    def test_a_buffer_cannot_change_its_size_while_it_is_used_and_can_afterwards(self) -> None:
        sealed = bytearray(self.identity.save(bytes(32)))
        pawl.Identity.restore(sealed, bytes(32))
        sealed.extend(b"more")
        self.assertRaises(pawl.PawlError, pawl.Identity.restore, sealed, bytes(32))
        sealed.clear()

    def test_a_length_above_32_bits_is_not_cut_off(self) -> None:
        good = self.session.encrypt(b"hello")
        path = Path(self.folder) / "large"
        path.write_bytes(good)
        os.truncate(path, 2**32 + len(good))
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as large:
            with memoryview(large) as view:
                with self.assertRaises(pawl.PawlError):
                    pawl.Session.accept(self.peer, self.identity.bundle(), None, view)
                with self.assertRaises(pawl.TooLargeError):
                    self.session.encrypt(view)
        self.assertEqual(pawl.Session.accept(self.peer, self.identity.bundle(), None, good).data, b"hello")

    def test_a_path_may_be_a_path(self) -> None:
        options = self.options("carol", flags=pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE, relay_url="wss://127.0.0.1:1")
        options["store_dir"] = Path(options["store_dir"])
        with pawl.Client.open(**options):
            self.assertTrue(options["store_dir"].is_dir())
        options["store_dir"] = str(options["store_dir"]).encode()
        self.assertRaises(TypeError, lambda: pawl.Client.open(**options))

    def test_what_a_path_raises_is_the_app_s(self) -> None:
        for raised in (KeyboardInterrupt("mine"), RuntimeError("mine"), TypeError("mine")):

            class Odd:
                def __fspath__(self) -> str:
                    raise raised

            with self.assertRaisesRegex(type(raised), "mine"):
                pawl.Client.open(**self.options("carol", store_dir=Odd()))

        class InBytes:
            def __fspath__(self) -> bytes:
                return b"here"

        self.assertRaises(TypeError, lambda: pawl.Client.open(**self.options("carol", store_dir=InBytes())))

    def test_the_signatures_are_those_of_the_stubs(self) -> None:
        stub = (Path(pawl.__file__).parent / "_pawl.pyi").read_text(encoding="utf-8")
        for name, function in self.callables():
            method = name.rpartition(".")[2]
            found = re.search(rf"\nclass {name.partition('.')[0]}:.*?\n    def {method}\((.*?)\) ->", stub, re.DOTALL) or re.search(
                rf"\ndef {method}\((.*?)\) ->", stub, re.DOTALL
            )
            assert found is not None, name
            names = [it for it in re.findall(r"(\w+):", found[1])]
            self.assertEqual([it.name for it in self.parameters(function)], names, name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
