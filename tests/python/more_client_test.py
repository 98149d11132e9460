"""More of what a client of the Python package can do, when it goes well: further devices, files, keys; sessions that meet."""

import os
import unittest
from pathlib import Path

import pawl
from rig import WithRelay, until


class MoreClientTest(WithRelay):
    def completed(self, client: pawl.Client, request: int) -> bytes:
        """The data of a request's completion, which is no failure."""
        event = until(client, lambda event: event.type == pawl.EventType.COMPLETED and event.request_id == request)
        self.assertEqual(event.status, pawl.StatusCode.OK)
        return event.data or b""

    def test_a_further_device_is_linked_in_three_steps_and_removed(self) -> None:
        first, second = self.registered("alice"), self.open("second")
        request = self.completed(second, second.account_begin_link("alice@localhost"))
        response = self.completed(first, first.account_approve_link(request))
        self.completed(second, second.account_complete_link(response))
        self.assertEqual(second.account_address(), "alice@localhost")
        self.assertEqual(second.account_get_info().state, pawl.AccountState.REGISTERED)
        devices = second.account_devices()
        self.assertEqual([it.is_this_device for it in devices].count(True), 1)
        self.assertEqual(len(devices), 2)
        other = next(it for it in devices if it.is_this_device)
        self.completed(first, first.account_remove_device(other.device_id))
        self.assertEqual([it.is_this_device for it in first.account_devices()], [True])

    def test_a_file_is_sent_by_its_path_and_by_a_descriptor(self) -> None:
        alice, bob = self.registered("alice"), self.registered("bob")
        alice.contact_request("bob@localhost")
        until(bob, lambda event: event.type == pawl.EventType.CONTACT_REQUEST)
        bob.contact_answer("alice@localhost", True)
        until(alice, lambda event: event.type == pawl.EventType.CONTACT_ANSWER)
        there, path = pawl.Conversation.open(alice, "bob@localhost"), Path(self.folder) / "all.bin"
        path.write_bytes(bytes(range(256)) * 100)
        self.assert_arrives(alice, bob, there.attachment_send_file(path, caption="by path"), "all.bin")
        with open(path, "rb") as file:
            sent = there.attachment_send_fd(file.fileno(), name="other.bin", caption="by descriptor")
        self.assert_arrives(alice, bob, sent, "other.bin")
        path.unlink()

    def assert_arrives(self, alice: pawl.Client, bob: pawl.Client, sent: tuple[pawl.Id, int], name: str) -> None:
        message_id, request_id = sent
        self.completed(alice, request_id)
        message = until(bob, lambda event: event.type == pawl.EventType.MESSAGE).message
        assert message is not None and message.content is not None
        self.assertEqual((message.id, message.content.name), (message_id, name))
        got = Path(self.folder) / f"got-{name}"
        self.completed(bob, bob.attachment_download(message_id, got))
        self.assertEqual(got.read_bytes(), bytes(range(256)) * 100)

    def test_a_store_opens_with_its_new_key_and_after_it_was_encrypted_anew(self) -> None:
        client = self.registered("alice")
        with self.assertRaises(pawl.WrongKeyError):
            client.reencrypt(host_key=bytes(32))
        client.reencrypt(host_key=self.options("alice")["host_key"])
        client.change_key(host_key=b"k" * 32)
        self.assertEqual(client.account_address(), "alice@localhost")
        client.close()
        self.assertRaises(pawl.WrongKeyError, lambda: pawl.Client.open(**self.reached("alice")))
        with pawl.Client.open(**self.reached("alice", host_key=b"k" * 32)) as again:
            self.assertEqual(again.account_address(), "alice@localhost")

    def test_nothing_that_an_upload_or_a_peek_needs_may_be_none(self) -> None:
        alice = self.registered("alice")
        alice.set_online(False)
        upload = pawl.Upload.begin(pawl.Conversation.open(alice, "bob@localhost"), 100).upload
        for arguments in ((None, 0), (b"x", None), ("x", 0), (b"x", 0.5)):
            self.assertRaises(TypeError, upload.write, *arguments)
        upload.write(b"x" * 100, 0)
        self.assertRaises(pawl.TooLargeError, upload.write, b"x", 0)
        alice.close()
        named = self.options("alice")
        with pawl.Peek.open(store_dir=named["store_dir"], host_key=named["host_key"], anchor_dir=named["anchor_dir"]) as peek:
            self.assertRaises(TypeError, peek.fetch, None)
            self.assertRaises(TypeError, peek.envelope, None)
            self.assertRaises(pawl.InvalidArgumentError, peek.fetch, 0)
            self.assertEqual([it.kind for it in peek.envelope(os.urandom(300)).items], [pawl.PeekKind.UNREADABLE])


class MoreSessionTest(unittest.TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = pawl.Identity.create("alice@example.org"), pawl.Identity.create("bob@example.org")

    def test_a_session_recognises_its_own_envelopes(self) -> None:
        to_bob = pawl.Session.initiate(self.alice, self.bob.bundle())
        to_alice = pawl.Session.accept(self.bob, self.alice.bundle(), None, to_bob.encrypt(b"hello")).session
        self.assertIs(to_alice.recognises(to_bob.encrypt(b"more")), True)
        stranger = pawl.Session.initiate(pawl.Identity.create("carol@example.org"), self.bob.bundle())
        self.assertIs(to_alice.recognises(stranger.encrypt(b"hello")), False)

    def test_two_that_began_at_once_prefer_the_same_session(self) -> None:
        alice_1, bob_1 = pawl.Session.initiate(self.alice, self.bob.bundle()), pawl.Session.initiate(self.bob, self.alice.bundle())
        bob_2 = pawl.Session.accept(self.bob, self.alice.bundle(), None, alice_1.encrypt(b"a")).session
        alice_2 = pawl.Session.accept(self.alice, self.bob.bundle(), None, bob_1.encrypt(b"b")).session
        # alice_1 and bob_2 are the two ends of one session, alice_2 and bob_1 of the other. A round trip settles it.
        there, received = (alice_1, bob_2) if alice_1.prefer(alice_2) else (alice_2, bob_1)
        self.assertEqual(received.decrypt(there.encrypt(b"round")), b"round")
        back, answered = (bob_2, alice_1) if bob_2.prefer(bob_1) else (bob_1, alice_2)
        self.assertEqual(answered.decrypt(back.encrypt(b"trip")), b"trip")
        self.assertIs(alice_1.prefer(alice_2), bob_2.prefer(bob_1))
        self.assertIs(alice_1.prefer(alice_2), not alice_2.prefer(alice_1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
