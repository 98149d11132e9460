"""close ends calls that wait in other threads: a write to an upload that is full, a look at a relay that does not answer."""

import signal
import threading
import time
import unittest
from collections.abc import Callable

import pawl
from rig import PATIENCE, WithRelay, until

MIB = 1 << 20
ROUNDS = 20


class CloseTest(WithRelay):
    def closed_during(self, waits: Callable[[], object], close: Callable[[], object], turn: int) -> str:
        """How a call in another thread ended that was under way, or about to be, at close."""
        outcomes: list[str] = []
        begun = threading.Barrier(2)

        def call() -> None:
            begun.wait(PATIENCE)
            try:
                waits()
                outcomes.append("done")
            except BaseException as error:
                outcomes.append(type(error).__name__)

        thread = threading.Thread(target=call)
        thread.start()
        begun.wait(PATIENCE)
        if turn % 2:
            time.sleep(0.02)  # for the call to block: in the other rounds it begins while close does
        close()
        thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())
        return outcomes[0]

    def full_upload(self, client: pawl.Client) -> tuple[pawl.Upload, pawl.Id]:
        """An upload of a client that is offline, so that nothing takes from it; and its message."""
        begun = pawl.Upload.begin(pawl.Conversation.open(client, "bob@localhost"), 50 * MIB)
        with self.assertRaises(pawl.TimedOutError):
            while True:
                begun.upload.write(bytes(MIB), 0)
        return begun.upload, begun.message_id

    def await_its_turn(self, client: pawl.Client, message: pawl.Id) -> None:
        """Until the client's thread has seen the upload: before, it holds memory of which there is an end."""
        cancelling = client.attachment_cancel(message)
        until(client, lambda event: event.type == pawl.EventType.COMPLETED and event.request_id == cancelling)

    def test_close_of_an_upload_ends_a_write(self) -> None:
        client = self.registered("alice")
        client.set_online(False)
        for turn in range(ROUNDS):
            upload, message = self.full_upload(client)
            ended = self.closed_during(lambda: upload.write(bytes(MIB), -1), upload.close, turn)
            self.assertEqual(ended, "ClosedError")
            self.await_its_turn(client, message)

    def test_close_of_a_client_ends_a_write(self) -> None:
        self.registered("alice").close()
        options = self.reached("alice", flags=pawl.ClientFlag.OFFLINE)
        for turn in range(ROUNDS):
            client = pawl.Client.open(**options)
            upload, _ = self.full_upload(client)
            ended = self.closed_during(lambda: upload.write(bytes(MIB), -1), client.close, turn)
            self.assertEqual(ended, "ClosedError")

    def test_close_of_a_peek_ends_a_fetch(self) -> None:
        self.registered("alice").close()
        named = self.options("alice")
        self.relay.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.relay.process.send_signal, signal.SIGCONT)
        for turn in range(ROUNDS):
            peek = pawl.Peek.open(store_dir=named["store_dir"], host_key=named["host_key"], anchor_dir=named["anchor_dir"])
            ended = self.closed_during(lambda: peek.fetch(PATIENCE * 1000), peek.close, turn)
            self.assertIn(ended, ("CancelledError", "ClosedError"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
