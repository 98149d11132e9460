#!/usr/bin/env python3
"""Kills sender, receiver and relay with SIGKILL under traffic and checks that nothing was lost or repeated.

Half of the kills come at random moments, half at named points (PAWL_KILL_POINT in src/: before and after commits, fsyncs,
writes and acknowledgements), the least hit one first; kills at named points go on until each was hit often enough. At
the end both sides stop writing and drain; then each side's journal must hold every message that the other side's store
accepted, once, the texts in the order of writing, and every file must have come byte for byte.
"""

import argparse
import collections
import hashlib
import os
import pathlib
import random
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

PEOPLE = {"alice": "bob", "bob": "alice"}
PATIENCE_S = 180     # for a process to say that it is ready
ARMED_S = 3          # for a named point to be passed; else the kill counts as random
DRAIN_S = 600        # for both sides to be confirmed in the end


class Failure(Exception):
    """The property under test does not hold, or a process ended by itself."""


class Child:
    """A process that is killed and started again, over the same files."""

    def __init__(self, name, argv, folder):
        self.name, self.argv, self.folder = name, argv, folder
        self.process, self.point = None, None
        self.note = folder / f"{name}.note"
        self.buffer = b""

    def start(self, point=None, skip=0):
        self.point = point
        self.note.unlink(missing_ok=True)
        env = {k: v for k, v in os.environ.items() if not k.startswith("PAWL_KILL_")}
        if point:
            env.update(PAWL_KILL_AT=point, PAWL_KILL_SKIP=str(skip), PAWL_KILL_NOTE=str(self.note))
        self.buffer = b""
        with open(self.folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(self.argv(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                            env=env)

    def line(self, seconds):
        """The next line as fields, None when it takes longer or the process ended."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            chunk = os.read(self.process.stdout.fileno(), 65536)
            if not chunk:
                return None
            self.buffer += chunk
        text, self.buffer = self.buffer.split(b"\n", 1)
        return text.decode().split("\t")

    def wait_for(self, word, seconds):
        """None when it was killed at its named point first."""
        deadline = time.monotonic() + seconds
        while True:
            fields = self.line(max(0.0, deadline - time.monotonic()))
            if fields is None:
                if self.ended_at_point():
                    return None
                raise Failure(f"{self.name} did not say '{word}': exit {self.process.poll()}, see {self.folder}")
            if fields[0] == "failed":
                raise Failure(f"{self.name}: {' '.join(fields)}")
            if fields[0] == word:
                return fields

    def ended_at_point(self):
        try:
            code = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            return False
        return code == -signal.SIGKILL and self.point is not None

    def tell(self, word):
        try:
            self.process.stdin.write(word.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:  # it was killed at its named point
            pass

    def kill(self):
        self.process.kill()
        self.process.wait()

    def hit(self):
        return self.note.read_text() if self.note.exists() else None

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()


# What a conversation does not pass: changing the store's key. tests/unit/store kills there.
NOT_ON_THE_WAY = re.compile(r"store\.rekey")


def named_points(source):
    found = set()
    for path in source.rglob("*.cc"):
        found.update(re.findall(r'PAWL_KILL_POINT\(\s*"([a-z_.]+)"', path.read_text()))
    found = {p for p in found if not NOT_ON_THE_WAY.match(p)}
    shared = {p for p in found if p.startswith("db.")}
    relay = {p for p in found if p.startswith("relay.")}
    return {"relay": sorted(shared | relay), "client": sorted(found - relay)}


def held_port():
    """A port of 127.0.0.1 for processes that listen there one after the other, and the socket that keeps it meanwhile.

    One that is bound and does not listen leaves the port to a listener that is bound with SO_REUSEADDR, too.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder.getsockname()[1], holder


class World:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.random = random.Random(args.seed)
        self.points = named_points(pathlib.Path(args.source))
        self.hits = collections.Counter()
        self.random_kills = collections.Counter()
        self.missed = collections.Counter()
        self.only_named = False
        self.met = False
        # How often a point may be passed before the kill; halved where it is passed too rarely for that.
        self.reach = collections.defaultdict(lambda: 12)
        (folder / "relay").mkdir(exist_ok=True)
        (folder / "db.key").write_bytes(secrets.token_bytes(32))
        (self.port, self.port_holder), self.pin = held_port(), ""
        self.relay = Child("relay", self.relay_argv, folder)
        self.people = {name: Child(name, self.person_argv(name), folder) for name in PEOPLE}
        for name in PEOPLE:
            (folder / f"{name}-anchors").mkdir()

    def children(self):
        return [self.relay, *self.people.values()]

    def relay_argv(self):
        return [self.args.relay, "--listen", f"127.0.0.1:{self.port}", "--domain", "localhost", "--data",
                str(self.folder / "relay"), "--dev-cert", "--db-key-file", str(self.folder / "db.key"), "--rate-scale", "100"]

    def person_argv(self, name):
        return lambda: [self.args.actor, str(self.folder / name), str(self.folder / f"{name}-anchors"),
                        f"wss://127.0.0.1:{self.port}", self.pin, str(self.folder / f"{name}.journal"),
                        f"{name}@localhost", f"{PEOPLE[name]}@localhost", str(self.args.interval)]

    def choose_point(self, child):
        if not self.only_named and self.random.random() < 0.5:
            return None, 0
        role = self.role(child)
        known = [p for p in self.points[role] if not self.only_named or (role, p) in self.short()]
        if not known:
            return None, 0
        point = min(known, key=lambda p: (self.hits[role, p] + 2 * self.missed[role, p], self.random.random()))
        return point, self.random.randrange(0, self.reach[role, point])

    def role(self, child):
        return "relay" if child is self.relay else "client"

    def victims(self):
        """Once only named points count: those that pass the ones that are short of hits."""
        short = {role for role, _ in self.short()}
        return [c for c in self.children() if not self.only_named or self.role(c) in short]

    def start(self, child, point=None, skip=0):
        """Starts it, and again when its named point lies before it is ready."""
        for _ in range(20):
            child.start(point, skip)
            if self.await_ready(child):
                if self.met and child is not self.relay:
                    child.tell("go")
                return
            self.count(child)
            point, skip = None, 0
        raise Failure(f"{child.name} does not start")

    def await_ready(self, child):
        if child is not self.relay:
            return child.wait_for("ready", PATIENCE_S) is not None
        pin = child.wait_for("pin", PATIENCE_S)
        if not pin:
            return False
        self.pin = pin[1]
        return True

    def count(self, child):
        role = self.role(child)
        point = child.hit()
        if point:
            self.hits[role, point] += 1
            return
        if child.point:
            self.missed[role, child.point] += 1
            self.reach[role, child.point] = max(1, self.reach[role, child.point] // 2)
        self.random_kills[child.name] += 1

    def kill_one(self):
        child = self.random.choice(self.victims())
        if child.point:
            try:
                child.process.wait(timeout=ARMED_S)
            except subprocess.TimeoutExpired:
                pass
        else:
            time.sleep(self.random.uniform(0.02, 0.3))
        ended = child.process.poll()
        if ended is None:
            child.kill()
        elif ended != -signal.SIGKILL:
            raise Failure(f"{child.name} ended by itself with {ended}: {child.line(0)}")
        self.count(child)
        self.start(child, *self.choose_point(child))

    def begin(self):
        """Who writes to a name that is not registered yet is told that there is nobody."""
        for child in self.children():
            self.start(child)
        for child in self.people.values():
            child.wait_for("registered", PATIENCE_S)
        for child in self.people.values():
            child.tell("go")
        self.met = True

    def drain(self):
        for child in self.children():
            child.close()
        for child in self.children():
            self.start(child)
        for child in self.people.values():
            child.tell("stop")
        said = {name: child.wait_for("idle", DRAIN_S) for name, child in self.people.items()}
        return {name: (int(texts), int(files)) for name, (_, texts, files) in said.items()}

    def journal(self, peer, expected):
        """Confirmed means durable in the peer's store; its app may still be about to take it."""
        path, deadline = self.folder / f"{peer}.journal", time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            lines = path.read_text().splitlines() if path.exists() else []
            if len(lines) >= expected:
                return lines
            time.sleep(0.1)
        return lines

    def check(self, sent):
        for name, peer in PEOPLE.items():
            texts, files = sent[name]
            lines = [line.split("\t") for line in self.journal(peer, texts + files)]
            said = [text for _, _, text in lines]
            numbers = [int(text.split(" ")[0]) for text in said if not text.startswith("file ")]
            if numbers != list(range(1, texts + 1)):
                first = next((i for i, n in enumerate(numbers) if n != i + 1), len(numbers))
                raise Failure(f"{peer} journalled {len(numbers)} of {texts} texts of {name}; the first that is not in its "
                              f"place is at {first + 1}: {numbers[max(0, first - 2):first + 3]}")
            if sorted(int(text[5:]) for text in said if text.startswith("file ")) != list(range(1, files + 1)):
                raise Failure(f"{peer} did not get each of {files} files of {name} once")
            seqs = [int(seq) for seq, _, _ in lines]
            if seqs != sorted(set(seqs)):
                raise Failure(f"{peer}'s inbox numbers are not rising")
            self.check_files(name, peer, files)

    def check_files(self, name, peer, files):
        """An announced file may still be about to be fetched."""
        deadline = time.monotonic() + PATIENCE_S
        for n in range(1, files + 1):
            sent, got = (self.folder / f"{who}.journal.{way}" / str(n) for who, way in ((name, "out"), (peer, "in")))
            while not got.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            if not got.exists():
                raise Failure(f"{peer} never got file {n} of {name}")
            if hashlib.sha256(sent.read_bytes()).digest() != hashlib.sha256(got.read_bytes()).digest():
                raise Failure(f"file {n} of {name} came to {peer} with other bytes")

    def short(self):
        """The named points that were not hit often enough yet."""
        return {(role, point): self.hits[role, point] for role, known in self.points.items() for point in known
                if self.hits[role, point] < self.args.least}

    def report(self, sent, seconds):
        for role, known in self.points.items():
            for point in known:
                n = self.hits[role, point]
                print(f"  {role:7} {point:28} {n:4}  {'#' * min(n, 60)}")
        for name, n in sorted(self.random_kills.items()):
            print(f"  {name:7} {'at a random moment':28} {n:4}")
        print(f"{self.kills()} kills in {seconds:.0f} s; " +
              ", ".join(f"{name} wrote {texts} texts and {files} files" for name, (texts, files) in sent.items()) +
              ": every one arrived once, in order")

    def kills(self):
        return sum(self.hits.values()) + sum(self.random_kills.values())

    def run(self):
        began = time.monotonic()
        self.begin()
        while self.kills() < self.args.kills or (self.short() and self.kills() < 3 * self.args.kills):
            enough_random = sum(self.random_kills.values()) >= self.args.kills // 2
            self.only_named = enough_random and bool(self.short())
            self.kill_one()
            if self.kills() % 25 == 0:
                print(f"  {self.kills()} of {self.args.kills} kills", flush=True)
        sent = self.drain()
        self.check(sent)
        self.report(sent, time.monotonic() - began)
        if min(texts for texts, _ in sent.values()) < self.args.kills or not all(files for _, files in sent.values()):
            raise Failure("there was hardly any traffic")
        if self.short():
            raise Failure(f"named points hit less than {self.args.least} times: {self.short()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--relay", required=True, help="pawl-relay built with the kill points")
    parser.add_argument("--actor", required=True, help="kill_actor")
    parser.add_argument("--source", required=True, help="src/, where the named points are found")
    parser.add_argument("--kills", type=int, default=int(os.environ.get("PAWL_KILLS", "50")),
                        help="default: PAWL_KILLS, or 50")
    parser.add_argument("--least", type=int,
                        help="kills go on until each named point was hit this often; default: 10 from 500 kills on, else 0")
    parser.add_argument("--interval", type=int, default=8, help="ms between two messages of one side")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    args = parser.parse_args()
    if args.least is None:
        args.least = 10 if args.kills >= 500 else 0
    print(f"seed {args.seed}", flush=True)
    folder = tempfile.TemporaryDirectory(prefix="pawl-kill-")
    world = World(args, pathlib.Path(folder.name))
    try:
        world.run()
    except Failure as failure:
        print(f"FAILED: {failure}")
        for child in world.children():
            child.close()
        folder._finalizer.detach()  # what happened stays to be looked at
        return 1
    finally:
        for child in world.children():
            child.close()
    folder.cleanup()
    return 0


if __name__ == "__main__":
    sys.exit(main())
