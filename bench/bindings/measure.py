"""What measure.c does, by the Python package: one line per figure, "<what> <nanoseconds>"."""

import math
import sys
import time

import pawl

CALLS, MESSAGES, ROUNDS, EVENTS, BATCH = 1_000_000, 500, 40, 10_000, 256
PLAINTEXT = bytes(1024)


def make_pair() -> tuple[pawl.Session, pawl.Session]:
    """Two people who have talked once, so that neither carries the handshake any more."""
    alice, bob = pawl.Identity.create("alice@example.org"), pawl.Identity.create("bob@example.org")
    to_bob = pawl.Session.initiate(alice, bob.bundle())
    to_alice = pawl.Session.accept(bob, alice.bundle(), None, to_bob.encrypt(PLAINTEXT)).session
    to_bob.decrypt(to_alice.encrypt(PLAINTEXT))
    return to_bob, to_alice


def measure_trivial(session: pawl.Session) -> float:
    began = time.perf_counter_ns()
    for _ in range(CALLS):
        session.encrypted_size(1024)
    return (time.perf_counter_ns() - began) / CALLS


def measure_encrypt(to_bob: pawl.Session, to_alice: pawl.Session) -> float:
    least = math.inf
    for _ in range(ROUNDS):
        began = time.perf_counter_ns()
        envelopes = [to_bob.encrypt(PLAINTEXT) for _ in range(MESSAGES)]
        least = min(least, time.perf_counter_ns() - began)
        for envelope in envelopes:
            to_alice.decrypt(envelope)
        to_bob.decrypt(to_alice.encrypt(PLAINTEXT))  # or a fresh session would be asked for
    return least / MESSAGES


def open_offline(folder: str) -> pawl.Client:
    return pawl.Client.open(
        flags=pawl.ClientFlag.CREATE | pawl.ClientFlag.OFFLINE,
        store_dir=f"{folder}/store",
        anchor_dir=folder,
        host_key=b"\1" + bytes(31),
        relay_url="wss://127.0.0.1:1",
        queue_capacity=2 * EVENTS,
    )


def ask(client: pawl.Client) -> None:
    """Requests that fail at once: each leaves a completion in the queue."""
    for _ in range(EVENTS):
        client.attachment_cancel(bytes(16))


def take_all(client: pawl.Client) -> None:
    total, seen = 0, 0
    while seen < EVENTS:
        for event in client.wait_events(BATCH, 60_000):
            if event.type == pawl.EventType.COMPLETED:
                total += event.request_id
                seen += 1
    assert total > 0


def measure_events(folder: str) -> None:
    with open_offline(folder) as client:
        began = time.perf_counter_ns()
        ask(client)
        take_all(client)
        print("request", (time.perf_counter_ns() - began) / EVENTS)
        ask(client)
        time.sleep(1)
        began = time.perf_counter_ns()
        take_all(client)
        print("event", (time.perf_counter_ns() - began) / EVENTS)


def main() -> None:
    pair = make_pair()
    print("trivial", measure_trivial(pair[0]))
    print("encrypt_1k", measure_encrypt(*pair))
    measure_events(sys.argv[1])


if __name__ == "__main__":
    main()
