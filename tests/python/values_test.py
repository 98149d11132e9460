"""Ids, contents, records, enums and exceptions as Python objects."""

import copy
import pickle
import unittest

import pawl


class ValuesTest(unittest.TestCase):
    def test_an_id_is_16_bytes_with_a_readable_face(self) -> None:
        one = pawl.Id(bytes(range(16)))
        self.assertEqual(repr(one), "Id('000102030405060708090a0b0c0d0e0f')")
        self.assertEqual(str(one), "000102030405060708090a0b0c0d0e0f")
        self.assertEqual(one, bytes(range(16)))
        self.assertEqual({one: 1}[pawl.Id.fromhex(str(one))], 1)
        self.assertIs(type(pawl.Id.fromhex(str(one))), pawl.Id)
        self.assertEqual(pickle.loads(pickle.dumps(one)), one)
        for bad in (b"", bytes(15), bytes(17)):
            self.assertRaises(ValueError, pawl.Id, bad)
        self.assertRaises(TypeError, pawl.Id, None)

    def test_a_content_cannot_be_changed_and_is_compared_by_what_it_says(self) -> None:
        content = pawl.Content(kind=pawl.ContentKind.TEXT, text="hi", data=bytearray(b"x"))
        self.assertEqual(repr(content), "Content(kind=<ContentKind.TEXT: 1>, text='hi', data=b'x')")
        self.assertIs(content.kind, pawl.ContentKind.TEXT)
        self.assertIsNone(content.ref)
        self.assertEqual(content, pawl.Content(kind=1, text="hi", data=b"x"))
        self.assertNotEqual(content, pawl.Content(kind=1, text="ho", data=b"x"))
        self.assertEqual(len({content, pawl.Content(kind=1, text="hi", data=b"x")}), 1)
        with self.assertRaises(AttributeError):
            content.text = "ho"  # type: ignore[misc]
        with self.assertRaises(AttributeError):
            content.more = 1  # type: ignore[attr-defined]
        wrong: list[dict[str, object]] = [{"kind": None}, {"text": b"x"}, {"ref": b"short"}, {"latitude": "1"}, {"is_removed": 1}]
        for bad in [*wrong, {"nothing": 1}]:
            with self.subTest(bad), self.assertRaises((TypeError, ValueError)):
                pawl.Content(**bad)  # type: ignore[arg-type]
        self.assertEqual(pawl.Content(kind=77).kind, 77)

    def test_objects_are_neither_copied_nor_pickled_nor_made(self) -> None:
        identity = pawl.Identity.create("alice@example.org")
        self.assertRaises(TypeError, copy.copy, identity)
        self.assertRaises(TypeError, copy.deepcopy, identity)
        self.assertRaises(TypeError, pickle.dumps, identity)
        for kind in (pawl.Client, pawl.Identity, pawl.Session, pawl.Event, pawl.Message):
            self.assertRaises(TypeError, kind)
            with self.assertRaises(TypeError):
                type("Sub", (kind,), {})

    def test_results_have_names_and_can_be_unpacked(self) -> None:
        alice, bob = pawl.Identity.create("alice@example.org"), pawl.Identity.create("bob@example.org")
        envelope = pawl.Session.initiate(alice, bob.bundle()).encrypt(b"")
        result = pawl.Session.accept(bob, alice.bundle(), None, envelope)
        data, session = result
        self.assertEqual((data, result.data), (b"", b""))
        self.assertIs(session, result.session)

    def test_every_failure_has_a_class_below_that_of_its_hundred(self) -> None:
        from pawl._errors import error_for

        for code in pawl.StatusCode:
            if code:
                error = error_for(code, "why", True, 2.5)
                self.assertIsInstance(error, pawl.PawlError)
                self.assertIsNot(type(error), pawl.PawlError, code)
                self.assertEqual((error.code, str(error), error.retryable, error.retry_after), (code, "why", True, 2.5))
                again = pickle.loads(pickle.dumps(error))
                self.assertEqual((type(again), again.code, str(again), again.retry_after), (type(error), code, "why", 2.5))

    def test_failures_are_python_s_own_where_there_is_one(self) -> None:
        for ours, pythons in (
            (pawl.InvalidArgumentError, ValueError), (pawl.NotFoundError, LookupError), (pawl.TimedOutError, TimeoutError),
            (pawl.DisconnectedError, ConnectionError), (pawl.IoError, OSError), (pawl.OutOfMemoryError, MemoryError),
            (pawl.ForkedError, RuntimeError), (pawl.AuthFailedError, pawl.CryptoError), (pawl.DiskFullError, pawl.StorageError),
            (pawl.TimedOutError, pawl.NetworkError), (pawl.WouldBlockError, pawl.FlowError), (pawl.ClosedError, pawl.UsageError),
            (pawl.ReplayedError, pawl.ProtocolError), (pawl.OutOfMemoryError, pawl.InternalError),
        ):  # fmt: skip
            with self.subTest(ours):
                self.assertTrue(issubclass(ours, pythons))

    def test_a_failure_says_what_and_whether_to_try_again(self) -> None:
        with self.assertRaises(pawl.InvalidArgumentError) as caught:
            pawl.Identity.create("no address")
        self.assertIs(caught.exception.code, pawl.StatusCode.INVALID_ARGUMENT)
        self.assertFalse(caught.exception.retryable)
        self.assertIsNone(caught.exception.retry_after)
        self.assertTrue(str(caught.exception))

    def test_flags_combine(self) -> None:
        both = pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE
        self.assertEqual(int(both), 3)
        self.assertIsInstance(both, pawl.ClientFlag)

    def test_the_version_is_that_of_the_library(self) -> None:
        self.assertEqual(pawl.__version__, pawl.version_string())
        major, minor, patch = map(int, pawl.__version__.split("."))
        self.assertEqual(pawl.version(), major * 1_000_000 + minor * 1000 + patch)


if __name__ == "__main__":
    unittest.main(verbosity=2)
