"""The same as measure.py by cffi, without a generator: what a few declarations and a dlopen give. One line per figure.

PAWL_LIBRARY names libpawl.so."""

import math
import os
import sys
import time

import cffi

CALLS, MESSAGES, ROUNDS, EVENTS, BATCH = 1_000_000, 500, 40, 10_000, 256
DECLARATIONS = """
typedef int32_t pawl_status;
typedef struct pawl_identity pawl_identity;
typedef struct pawl_session pawl_session;
typedef struct pawl_buffer pawl_buffer;
pawl_status pawl_identity_create(const char*, pawl_identity**);
pawl_status pawl_identity_bundle(pawl_identity*, pawl_buffer**);
const uint8_t* pawl_buffer_data(const pawl_buffer*);
size_t pawl_buffer_size(const pawl_buffer*);
void pawl_buffer_release(pawl_buffer*);
pawl_status pawl_session_initiate(pawl_identity*, const uint8_t*, size_t, pawl_session*, pawl_session**);
pawl_status pawl_session_accept(pawl_identity*, const uint8_t*, size_t, pawl_session*, const uint8_t*, size_t,
                                uint8_t*, size_t, size_t*, pawl_session**);
pawl_status pawl_session_encrypted_size(pawl_session*, size_t, size_t*);
pawl_status pawl_session_encrypt(pawl_session*, const uint8_t*, size_t, uint8_t*, size_t, size_t*);
pawl_status pawl_session_decrypt(pawl_session*, const uint8_t*, size_t, uint8_t*, size_t, size_t*);
"""
PLAINTEXT = bytes(1024)

ffi = cffi.FFI()
ffi.cdef(DECLARATIONS)
lib = ffi.dlopen(os.environ["PAWL_LIBRARY"])


def check(status):
    if status != 0:
        raise RuntimeError(status)


def encrypted_size(session, length):
    size = ffi.new("size_t*")
    check(lib.pawl_session_encrypted_size(session, length, size))
    return size[0]


def encrypt(session, plaintext):
    out = bytearray(encrypted_size(session, len(plaintext)))
    written = ffi.new("size_t*")
    check(lib.pawl_session_encrypt(session, plaintext, len(plaintext), ffi.from_buffer(out), len(out), written))
    return bytes(out[: written[0]])


def decrypt(session, envelope):
    out = bytearray(len(envelope))
    written = ffi.new("size_t*")
    check(lib.pawl_session_decrypt(session, envelope, len(envelope), ffi.from_buffer(out), len(out), written))
    return bytes(out[: written[0]])


def created(address):
    out = ffi.new("pawl_identity**")
    check(lib.pawl_identity_create(address, out))
    return out[0]


def bundle(identity):
    out = ffi.new("pawl_buffer**")
    check(lib.pawl_identity_bundle(identity, out))
    copy = bytes(ffi.buffer(lib.pawl_buffer_data(out[0]), lib.pawl_buffer_size(out[0])))
    lib.pawl_buffer_release(out[0])
    return copy


def make_pair():
    alice, bob = created(b"alice@example.org"), created(b"bob@example.org")
    of_alice, of_bob = bundle(alice), bundle(bob)
    out, written = ffi.new("pawl_session**"), ffi.new("size_t*")
    check(lib.pawl_session_initiate(alice, of_bob, len(of_bob), ffi.NULL, out))
    to_bob = out[0]
    first = encrypt(to_bob, PLAINTEXT)
    opened = bytearray(len(first))
    check(lib.pawl_session_accept(bob, of_alice, len(of_alice), ffi.NULL, first, len(first),
                                  ffi.from_buffer(opened), len(opened), written, out))  # fmt: skip
    decrypt(to_bob, encrypt(out[0], PLAINTEXT))
    return to_bob, out[0]


def measure_trivial(session):
    began = time.perf_counter_ns()
    for _ in range(CALLS):
        encrypted_size(session, 1024)
    return (time.perf_counter_ns() - began) / CALLS


def measure_encrypt(to_bob, to_alice):
    least = math.inf
    for _ in range(ROUNDS):
        began = time.perf_counter_ns()
        envelopes = [encrypt(to_bob, PLAINTEXT) for _ in range(MESSAGES)]
        least = min(least, time.perf_counter_ns() - began)
        for envelope in envelopes:
            decrypt(to_alice, envelope)
        decrypt(to_bob, encrypt(to_alice, PLAINTEXT))
    return least / MESSAGES


if __name__ == "__main__":
    if sys.argv[1:] != [] and sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    pair = make_pair()
    print("trivial", measure_trivial(pair[0]))
    print("encrypt_1k", measure_encrypt(*pair))
