"""A client of the Python package over a relay: accounts, contacts, messages, what a message can be made of."""

import unittest

import pawl
from rig import WithRelay, until


def is_message(event: pawl.Event) -> bool:
    return event.type == pawl.EventType.MESSAGE


class ClientTest(WithRelay):
    def meet(self) -> tuple[pawl.Client, pawl.Client]:
        alice, bob = self.registered("alice"), self.registered("bob")
        alice.contact_request("bob@localhost", "Alice")
        request = until(bob, lambda event: event.type == pawl.EventType.CONTACT_REQUEST)
        self.assertEqual((request.address, request.text), ("alice@localhost", "Alice"))
        bob.contact_answer("alice@localhost", True)
        answer = until(alice, lambda event: event.type == pawl.EventType.CONTACT_ANSWER)
        self.assertEqual(answer.state, pawl.ContactState.ACCEPTED)
        return alice, bob

    def test_a_text_goes_there_and_its_receipt_comes_back(self) -> None:
        alice, bob = self.meet()
        sent = pawl.Conversation.open(alice, "bob@localhost").send_text("hé 🐂")
        completed = until(alice, lambda event: event.request_id == sent.request_id)
        self.assertEqual((completed.type, completed.status), (pawl.EventType.COMPLETED, pawl.StatusCode.OK))
        event = until(bob, is_message)
        assert event.message is not None and event.message.content is not None
        self.assertEqual(event.message.content.text, "hé 🐂")
        self.assertEqual(event.message.content.kind, pawl.ContentKind.TEXT)
        self.assertEqual(event.message_id, sent.message_id)
        self.assertEqual(event.message.sender, "alice@localhost")
        receipt = until(alice, lambda event: event.type == pawl.EventType.RECEIPT)
        self.assertEqual((receipt.message_id, receipt.state), (sent.message_id, pawl.MessageState.DELIVERED))

    def test_a_content_arrives_as_it_was_made(self) -> None:
        alice, bob = self.meet()
        there = pawl.Conversation.open(alice, "bob@localhost")
        first = there.send_text("where are you?").message_id
        contents = [
            pawl.Content(kind=pawl.ContentKind.REPLY, ref=first, text="here"),
            pawl.Content(kind=pawl.ContentKind.LOCATION, latitude=52.5, longitude=-13.25, accuracy_m=3.0, text="home"),
            pawl.Content(kind=pawl.ContentKind.CUSTOM, media_type="application/x-move", data=bytes(range(256))),
            pawl.Content(kind=pawl.ContentKind.REACTION, ref=first, text="👍"),
        ]
        for content in contents:
            there.send(content)
        until(bob, is_message)
        for content in contents:
            message = until(bob, is_message).message
            assert message is not None
            self.assertEqual(message.content, content)

    def test_history_contacts_and_devices_are_lists_of_records(self) -> None:
        alice, bob = self.meet()
        here = pawl.Conversation.open(alice, "bob@localhost")
        for number in range(5):
            here.send_text(f"message {number}")
        for _ in range(5):
            last = until(bob, is_message)
        there = pawl.Conversation.open(bob, "alice@localhost")
        history = there.history(0, 3)
        self.assertEqual([it.content.text for it in history if it.content], ["message 2", "message 3", "message 4"])
        earlier = there.history(history[0].position, 10)
        self.assertEqual([it.content.text for it in earlier if it.content], ["message 0", "message 1"])
        self.assertEqual([(it.address, it.unread) for it in bob.conversations()], [("alice@localhost", 5)])
        self.assertEqual([(it.address, it.state) for it in bob.contacts()], [("alice@localhost", pawl.ContactState.ACCEPTED)])
        self.assertEqual([it.is_this_device for it in bob.account_devices()], [True])
        self.assertEqual(there.id(), last.conversation)
        self.assertEqual(alice.contact_safety_number("bob@localhost"), bob.contact_safety_number("alice@localhost"))

    def test_a_file_is_sent_in_pieces_and_fetched(self) -> None:
        alice, bob = self.meet()
        there = pawl.Conversation.open(alice, "bob@localhost")
        content = bytes(range(256)) * 1000
        begun = pawl.Upload.begin(there, len(content), name="all.bin", media_type="application/octet-stream")
        with begun.upload as upload:
            for at in range(0, len(content), 100_000):
                upload.write(memoryview(content)[at : at + 100_000], 60_000)
            until(alice, lambda event: event.request_id == begun.request_id)
        message = until(bob, is_message).message
        assert message is not None and message.content is not None
        self.assertEqual((message.content.name, message.content.size), ("all.bin", len(content)))
        request = bob.attachment_download(begun.message_id, f"{self.folder}/got.bin")
        done = until(bob, lambda event: event.request_id == request)
        self.assertEqual(done.status, pawl.StatusCode.OK)
        with open(f"{self.folder}/got.bin", "rb") as got:
            self.assertEqual(got.read(), content)

    def test_a_notification_service_peeks(self) -> None:
        alice, bob = self.meet()
        bob.suspend()
        sent = pawl.Conversation.open(alice, "bob@localhost").send_text("ping")
        until(alice, lambda event: event.message_id == sent.message_id and event.state == pawl.MessageState.AT_RELAY)
        named = self.options("bob")
        with pawl.Peek.open(store_dir=named["store_dir"], host_key=named["host_key"], anchor_dir=named["anchor_dir"]) as peek:
            peeked = peek.fetch(60_000)
        shown = [it for it in peeked.items if it.kind == pawl.PeekKind.MESSAGE]
        self.assertEqual([it.message.content.text for it in shown if it.message and it.message.content], ["ping"])
        self.assertEqual(peeked.beyond, 0)
        self.assertFalse(bob.resume())
        until(bob, is_message)


if __name__ == "__main__":
    unittest.main(verbosity=2)
