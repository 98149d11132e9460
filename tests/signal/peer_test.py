"""Plays ratchet_peer against itself and against a recording of libsignal: python3 peer_test.py RATCHET_PEER."""

import gzip
import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
import unittest

PEER = None
TIMEOUT = 60
FIRST_UUID, SECOND_UUID = "9d0652a3-dcc3-4d11-975f-74d61598733f", "796abedb-ca4e-4f18-8803-1fde5b921f9f"


def hkdf(salt, ikm, info, size):
    key, out, block = hmac.digest(salt, ikm, "sha256"), b"", b""
    while len(out) < size:
        block = hmac.digest(key, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:size]


def x25519(secret, public):
    """RFC 7748 §5, for test keys: nothing here is constant time."""
    prime = 2**255 - 19
    number = int.from_bytes(secret, "little") & ((1 << 254) - 8) | (1 << 254)
    u = int.from_bytes(public, "little") & ((1 << 255) - 1)
    one, two = (1, 0), (u, 1)
    for bit in range(254, -1, -1):
        if number >> bit & 1:
            two, one = x25519_step(two, one, u, prime)
        else:
            one, two = x25519_step(one, two, u, prime)
    return (one[0] * pow(one[1], prime - 2, prime) % prime).to_bytes(32, "little")


def x25519_step(low, high, u, prime):
    a, b = (low[0] + low[1]) % prime, (low[0] - low[1]) % prime
    da, cb = (high[0] - high[1]) * a % prime, (high[0] + high[1]) * b % prime
    aa, bb = a * a % prime, b * b % prime
    e = (aa - bb) % prime
    return ((aa * bb % prime, e * (aa + 121665 * e) % prime),
            (pow(da + cb, 2, prime), u * pow(da - cb, 2, prime) % prime))


def fields(message):
    """The values of each field of a protobuf message."""
    found, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    while at < len(message):
        key = varint()
        value = varint()
        if key & 7 == 2:
            at, value = at + value, message[at:at + value]
        found.setdefault(key >> 3, []).append(value)
    return found


def signal_message(wire):
    """The fields of 0x44 || protobuf || MAC[8]."""
    return fields(wire[1:-8])


class Peer:
    def __init__(self, **hello):
        self.process = subprocess.Popen([PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.identity = self.ok("hello", **hello)["identityPub"]

    def line(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def ask(self, op, **members):
        return self.line(json.dumps({"id": 7, "op": op, **members}))

    def ok(self, op, **members):
        reply = self.ask(op, **members)
        assert reply["ok"] and reply["id"] == 7, reply
        return reply

    def encrypt(self, plaintext):
        reply = self.ok("encrypt", plaintext=plaintext.hex())
        assert reply["type"] == 2
        return reply["message"]

    def decrypt(self, message):
        return bytes.fromhex(self.ok("decrypt", message=message, type=2)["plaintext"])

    def record(self):
        return self.ok("state")["record"]

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(TIMEOUT)


class PeerTest(unittest.TestCase):
    def peer(self, **hello):
        peer = Peer(**hello)
        self.addCleanup(lambda: self.assertEqual(peer.close(), 0))
        return peer

    def pair(self, root_before_step=False):
        """Two sides of a session, as if a handshake had agreed on random keys."""
        first = self.peer(uuid=FIRST_UUID, remoteUuid=SECOND_UUID)
        second = self.peer(uuid=SECOND_UUID, remoteUuid=FIRST_UUID)
        self.inject(first, second, root_before_step)
        return first, second

    def inject(self, first, second, root_before_step=False):
        """Gives what the responder was given."""
        root, chain, auth = os.urandom(32), os.urandom(32).hex(), os.urandom(32).hex()
        spk, base, sender = second.ok("genKey"), first.ok("genKey"), first.ok("genKey")
        secret = x25519(bytes.fromhex(sender["priv"]), bytes.fromhex(spk["pub"])[1:])
        out = hkdf(root, secret, b"WhisperRatchet", 64)
        first_root = root if root_before_step else out[:32]
        common = {"chainKey": chain, "authKey": auth, "baseKeyPub": base["pub"]}
        first.ok("inject", role="A", rootKey=first_root.hex(), remoteIdentityPub=second.identity, **common,
                 senderPub=sender["pub"], senderPriv=sender["priv"], senderChainKey=out[32:].hex(),
                 theirRatchetPub=spk["pub"])
        given = {"role": "B", "rootKey": root.hex(), "remoteIdentityPub": first.identity, **common,
                 "spkPub": spk["pub"], "spkPriv": spk["priv"]}
        second.ok("inject", **given)
        return given


class Conversation(PeerTest):
    def play(self, seed, messages):
        """Messages both ways, lost, late and twice."""
        rng = random.Random(seed)
        sides = self.pair(root_before_step=seed % 2 == 0)
        on_the_way = ([], [])  # to each side: (number, message, plaintext)
        opened, lost, late, twice, next_to_come = 0, 0, 0, 0, [0, 0]
        for number in range(messages):
            sender = rng.randrange(2)
            plaintext = rng.randbytes(rng.choice([0, 1, 15, 16, 17, 300]))
            on_the_way[1 - sender].append((number, sides[sender].encrypt(plaintext), plaintext))
            for to in (0, 1):
                while on_the_way[to] and rng.random() < 0.6:
                    place = 0 if rng.random() < 0.6 else rng.randrange(len(on_the_way[to]))
                    n, message, expected = on_the_way[to].pop(place)
                    if rng.random() < 0.1:
                        lost += 1
                        continue
                    self.assertEqual(sides[to].decrypt(message), expected)
                    opened += 1
                    late += n < next_to_come[to]
                    next_to_come[to] = max(next_to_come[to], n)
                    if rng.random() < 0.1:
                        self.assertFalse(sides[to].ask("decrypt", message=message)["ok"])
                        twice += 1
        return sides, opened, lost, late, twice

    def test_goes_on_through_epochs_with_messages_lost_late_and_twice(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                sides, opened, lost, late, twice = self.play(seed, 700)
                self.assertGreater(opened, 400)
                self.assertGreater(min(lost, late, twice), 20)
                for side in sides:
                    record = side.record()
                    self.assertGreaterEqual(record["pq"]["epoch"], 4)
                    self.assertFalse(record["pq"]["broken"])

    def test_the_responder_may_speak_first(self):
        first, second = self.pair()
        early = [second.encrypt(b"%d" % i) for i in range(3)]
        self.assertEqual(first.decrypt(early[2]), b"2")
        self.assertEqual(second.decrypt(first.encrypt(b"answer")), b"answer")
        later = second.encrypt(b"next chain")
        self.assertEqual(signal_message(bytes.fromhex(later))[3], [2])  # the number of the chain's last message
        self.assertEqual(first.decrypt(later), b"next chain")
        self.assertEqual(first.decrypt(early[0]), b"0")
        self.assertEqual(first.decrypt(early[1]), b"1")

    def test_a_message_of_each_of_the_last_chains_may_be_late(self):
        first, second = self.pair()
        late = []
        for i in range(7):
            late.append(first.encrypt(b"late %d" % i))
            self.assertEqual(second.decrypt(first.encrypt(b"in time")), b"in time")
            self.assertEqual(first.decrypt(second.encrypt(b"answer")), b"answer")
        for i, message in enumerate(late):
            reply = second.ask("decrypt", message=message)
            # Five receiving chains are kept.
            self.assertEqual(reply["ok"], i >= 2, reply)

    def test_what_does_not_open_leaves_the_state_as_it_was(self):
        first, second = self.pair()
        self.assertEqual(second.decrypt(first.encrypt(b"one")), b"one")
        answered = bytes.fromhex(first.encrypt(b"two"))
        second.decrypt(answered.hex())
        self.assertEqual(first.decrypt(second.encrypt(b"answer")), b"answer")
        skipped, following = bytes.fromhex(first.encrypt(b"three")), bytes.fromhex(first.encrypt(b"four"))
        before = second.record()
        for message in (skipped, following):
            for at in range(len(message)):
                damaged = bytearray(message)
                damaged[at] ^= 1 << at % 8
                self.assertFalse(second.ask("decrypt", message=damaged.hex())["ok"], at)
            for size in range(len(message)):
                self.assertFalse(second.ask("decrypt", message=message[:size].hex())["ok"], size)
        self.assertFalse(second.ask("decrypt", message=answered.hex())["ok"])  # replayed
        self.assertEqual(second.record(), before)
        self.assertEqual(second.decrypt(following.hex()), b"four")
        self.assertNotEqual(second.record()["digest"], before["digest"])
        self.assertEqual(second.decrypt(skipped.hex()), b"three")

    def test_addresses_are_those_that_both_sides_know(self):
        first = self.peer(uuid=FIRST_UUID, remoteUuid=SECOND_UUID)
        second = self.peer(uuid=SECOND_UUID, remoteUuid=FIRST_UUID)
        key = second.ok("genKey")
        second.identity = second.ok("hello", identityPriv=key["priv"], uuid=SECOND_UUID,
                                    remoteUuid=FIRST_UUID)["identityPub"]
        self.assertEqual(second.identity, key["pub"])
        given = self.inject(first, second)
        message = first.encrypt(b"hello")
        expected = b"".join(b"\0" + bytes.fromhex(uuid.replace("-", "")) + b"\1" for uuid in (FIRST_UUID, SECOND_UUID))
        self.assertEqual(signal_message(bytes.fromhex(message))[6], [expected])
        for hello, is_accepted in (({"uuid": SECOND_UUID, "remoteUuid": FIRST_UUID}, True),
                                   ({"uuid": FIRST_UUID, "remoteUuid": SECOND_UUID}, False),
                                   ({"uuid": FIRST_UUID, "remoteUuid": FIRST_UUID}, False), ({}, True)):
            other = self.peer(identityPriv=key["priv"], **hello)
            other.ok("inject", **given)
            self.assertEqual(other.ask("decrypt", message=message)["ok"], is_accepted, hello)
            if not hello:
                self.assertNotIn(6, signal_message(bytes.fromhex(other.encrypt(b"answer"))))

    def test_of_other_identities_nothing_opens(self):
        first, second = self.pair()
        given = self.inject(first, second)
        stranger = self.peer()
        stranger.ok("inject", **given)
        message = first.encrypt(b"hello")
        self.assertFalse(stranger.ask("decrypt", message=message)["ok"])
        self.assertEqual(second.decrypt(message), b"hello")


class BadInput(PeerTest):
    def test_is_answered_and_the_program_goes_on(self):
        peer, _ = self.pair()
        before = peer.record()
        for line in ("", "{", "[]", "7", "null", '"x"', "{}", '{"id":1}', '{"id":1,"op":7}', '{"id":1,"op":"fly"}',
                     "\u00ff\u0000", '{"id":1,"op":"encrypt"}', '{"id":1,"op":"encrypt","plaintext":"0"}',
                     '{"id":1,"op":"encrypt","plaintext":"zz"}', '{"id":1,"op":"encrypt","plaintext":{}}',
                     '{"id":1,"op":"decrypt","message":""}', '{"id":1,"op":"decrypt","message":"44"}',
                     '{"id":1,"op":"decrypt","message":"4400","type":9}',
                     '{"id":1,"op":"decrypt","message":"4400","type":"2"}',
                     '{"id":1,"op":"inject"}', '{"id":1,"op":"inject","role":"A"}',
                     '{"id":1,"op":"hello","identityPriv":"00"}', '{"id":1,"op":"hello","uuid":"12"}', "[" * 100000):
            reply = peer.line(line)
            self.assertIs(reply["ok"], False, line[:80])
            self.assertTrue(reply["error"])
            self.assertEqual(reply["id"], 1 if '"id":1' in line else None)
        self.assertEqual(peer.record(), before)
        self.assertEqual(peer.line('{"id":"seven","op":"genKey"}')["id"], "seven")

    def test_wrong_keys_are_not_injected(self):
        peer = self.peer()
        key, other, zero = peer.ok("genKey"), peer.ok("genKey"), "05" + "00" * 32
        good = {"role": "A", "rootKey": "11" * 32, "chainKey": "22" * 32, "authKey": "33" * 32,
                "remoteIdentityPub": other["pub"], "baseKeyPub": other["pub"], "senderPub": key["pub"],
                "senderPriv": key["priv"], "senderChainKey": "44" * 32, "theirRatchetPub": other["pub"]}
        for name, wrong in (("role", "C"), ("rootKey", "11" * 31), ("authKey", ""), ("senderPub", other["pub"]),
                            ("senderPriv", "zz"), ("theirRatchetPub", zero), ("theirRatchetPub", key["pub"][2:]),
                            ("remoteIdentityPub", "06" + other["pub"][2:]), ("baseKeyPub", "")):
            self.assertFalse(peer.ask("inject", **{**good, name: wrong})["ok"], name)
        for name in good:
            if name != "baseKeyPub":
                self.assertFalse(peer.ask("inject", **{k: v for k, v in good.items() if k != name})["ok"], name)
        self.assertFalse(peer.ask("state")["ok"])
        peer.ok("inject", **good)

    def test_usage(self):
        asked = subprocess.run([PEER, "--help"], capture_output=True, text=True, timeout=TIMEOUT, check=True)
        self.assertIn('"op":"inject"', asked.stdout)
        self.assertEqual(subprocess.run([PEER, "-x"], capture_output=True, timeout=TIMEOUT).returncode, 2)


class Recording(PeerTest):
    """What of a conversation of libsignal a session from recorded keys can seal or open."""

    def setUp(self):
        default = os.path.join(os.environ.get("PAWL_SOURCE_DIR", "."), "..", "shared", "vectors")
        path = os.path.join(os.environ.get("PAWL_VECTORS", default), "triple-ratchet", "transcript.json.gz")
        if not os.path.exists(path):
            self.skipTest(f"no {path}: set PAWL_VECTORS to the folder of third-party vectors")
        with gzip.open(path) as file:
            self.transcript = json.load(file)
        self.messages = [self.inner(step) for step in self.transcript["steps"]]
        self.auth = fields(fields(self.session(self.transcript["alice"]["initialRecord"])[15][0])[1][0])[1][0]

    @staticmethod
    def inner(step):
        message = bytes.fromhex(step["message"])
        return fields(message[1:])[4][0] if step["type"] == 3 else message

    @staticmethod
    def session(record):
        """SessionStructure: 4 root key, 6 sender chain, 7 receiver chains."""
        return fields(fields(bytes.fromhex(record))[1][0])

    @staticmethod
    def chain_key(chain):
        return fields(chain[3][0])[2][0].hex()

    def inject(self, peer, role, session):
        sending, remote = fields(session[6][0]), self.transcript["bob" if role == "A" else "alice"]
        common = {"role": role, "rootKey": session[4][0].hex(), "authKey": self.auth.hex(),
                  "remoteIdentityPub": remote["identityPub"], "baseKeyPub": remote["identityPub"]}
        if role == "B":
            peer.ok("inject", **common, chainKey=self.chain_key(sending), spkPub=sending[1][0].hex(),
                    spkPriv=sending[2][0].hex())
            return
        receiving = fields(session[7][-1])
        peer.ok("inject", **common, chainKey=self.chain_key(receiving), senderPub=sending[1][0].hex(),
                senderPriv=sending[2][0].hex(), senderChainKey=self.chain_key(sending),
                theirRatchetPub=receiving[1][0].hex())

    def party(self, role, **names):
        return self.peer(identityPriv=self.transcript["alice" if role == "A" else "bob"]["identityPriv"], **names)

    def test_the_first_chain_is_sealed_as_libsignal_sealed_it(self):
        addresses = signal_message(self.messages[0])[6][0]
        peer = self.party("A", uuid=addresses[1:17].hex(), remoteUuid=addresses[19:35].hex())
        self.inject(peer, "A", self.session(self.transcript["alice"]["initialRecord"]))
        for step, message in list(zip(self.transcript["steps"], self.messages))[:12]:
            expected, made = signal_message(message), signal_message(
                bytes.fromhex(peer.encrypt(bytes.fromhex(step["plaintext"]))))
            for field in (1, 2, 3, 4, 6):
                self.assertEqual(made[field], expected[field], (step["i"], field))
            # Its chunk is of an ML-KEM key that each side draws for itself.
            self.assertEqual(made[5][0][:-32], expected[5][0][:-32])

    def test_the_chain_after_each_recorded_turn_is_opened(self):
        order = list(dict.fromkeys(signal_message(message)[1][0] for message in self.messages))
        opened = set()
        for step in self.transcript["steps"]:
            if "receiverRecordAfter" not in step:
                continue
            session = self.session(step["receiverRecordAfter"])
            sending = fields(session[6][0])
            if 1 in fields(sending[3][0]) and fields(sending[3][0])[1] != [0]:
                continue  # not just after a turn
            role = "B" if step["from"] == "A" else "A"
            peer = self.party(role)
            self.inject(peer, role, session)
            answer = order[order.index(sending[1][0]) + 1:][:1]
            for i in reversed(range(len(self.messages))):
                message = signal_message(self.messages[i])
                # From the second epoch on, keys depend on an exchange that this session has not had.
                if message[1] == answer and message[5][0][1] == 1:
                    self.assertEqual(peer.decrypt(self.messages[i].hex()).hex(),
                                     self.transcript["steps"][i]["plaintext"])
                    opened.add(i)
        self.assertEqual(len(opened), 15)


if __name__ == "__main__":
    PEER = sys.argv.pop(1)
    unittest.main()
