#!/usr/bin/env python3
"""Fills the disk under the receiver, the sender and the relay, one after the other, while both people write.

Each has its files on a small tmpfs of its own (in a user and mount namespace). A full one must show as PAWL_E_DISK_FULL,
end nobody and lose nothing; when there is room again, all goes on by itself. Then every message must have arrived once,
in order, and every file byte for byte, as in kill_test.py.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from kill_test import PEOPLE, Failure, World

SKIPPED = 77
INSIDE = "PAWL_DISK_FULL_INSIDE"
DISK_FULL = -402     # PAWL_E_DISK_FULL
STORE_EVENT = 105    # PAWL_EVENT_STORE
SIZE = "192m"
TRAFFIC_S = 1.0
FULL_S = 2.0
PATIENCE_S = 180


class Disk:
    """A tmpfs that can be filled to the last byte."""

    def __init__(self, folder):
        self.folder, self.filler = folder, folder / "filler"
        folder.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)], check=True)

    def fill(self):
        block = bytes(1 << 20)
        with open(self.filler, "ab", buffering=0) as out:
            for size in (1 << 20, 4096):
                try:
                    while out.write(block[:size]):
                        pass
                except OSError:
                    pass

    def free(self):
        self.filler.unlink()


class Log:
    """The lines that a person's program adds to its log from now on."""

    def __init__(self, path):
        self.path, self.begin = path, path.stat().st_size

    def wait_for(self, text, what):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with open(self.path, encoding="utf-8", errors="replace") as log:
                log.seek(self.begin)
                if any(text(line) for line in log):
                    return
            time.sleep(0.05)
        raise Failure(f"{what}: not in {self.path.name} within {PATIENCE_S} s")


def is_store_event(status):
    return lambda line: line.startswith(f"event {STORE_EVENT}:") and line.rstrip().endswith(f"status {status}")


def is_held_up(line):
    return line.startswith("held up:") and line.rstrip().endswith(f"status {DISK_FULL}")


def still_alive(world):
    for child in world.children():
        if child.process.poll() is not None:
            raise Failure(f"{child.name} ended by itself: {child.process.returncode} {child.line(0)}")


def fill_a_person(world, name, disk):
    time.sleep(TRAFFIC_S)
    log = Log(world.folder / f"{name}.log")
    disk.fill()
    log.wait_for(is_store_event(DISK_FULL), f"{name}'s event that the disk is full")
    time.sleep(FULL_S)
    still_alive(world)
    log = Log(world.folder / f"{name}.log")
    disk.free()
    log.wait_for(is_store_event(0), f"{name}'s event that there is room again")
    print(f"  {name}'s disk was full, and had room again", flush=True)


def fill_the_relay(world, disk):
    time.sleep(TRAFFIC_S)
    logs = [Log(world.folder / f"{name}.log") for name in PEOPLE]
    disk.fill()
    for log in logs:
        log.wait_for(is_held_up, "a message that waits for the relay's disk")
    time.sleep(FULL_S)
    still_alive(world)
    disk.free()
    print("  the relay's disk was full, and had room again", flush=True)


def run(args, folder):
    world = World(args, folder)
    disks = {name: Disk(folder / name) for name in ("relay", *PEOPLE)}
    try:
        world.begin()
        fill_a_person(world, "bob", disks["bob"])
        fill_the_relay(world, disks["relay"])
        fill_a_person(world, "alice", disks["alice"])
        time.sleep(TRAFFIC_S)
        sent = world.drain()
        world.check(sent)
        print(", ".join(f"{name} wrote {texts} texts and {files} files" for name, (texts, files) in sent.items()) +
              ": every one arrived once, in order")
    except Failure as failure:
        print(f"FAILED: {failure}")
        for name in PEOPLE:
            log = (folder / f"{name}.log").read_text(errors="replace").splitlines()
            print(f"the end of {name}'s log:", *log[-15:], sep="\n  ")
        return 1
    finally:
        for child in world.children():
            child.close()
        for disk in disks.values():
            subprocess.run(["umount", str(disk.folder)], check=False)
    return 0


def enter_namespace():
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    try:
        allowed = subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    except FileNotFoundError:
        allowed = None
    if allowed is None or allowed.returncode != 0:
        print("skipped: no user namespace with a tmpfs can be had here")
        sys.exit(SKIPPED)
    os.environ[INSIDE] = "1"
    os.execvp(command[0], [*command, sys.executable, *sys.argv])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--relay", required=True, help="the relay program")
    parser.add_argument("--actor", required=True, help="kill_actor")
    parser.add_argument("--source", required=True, help="src/")
    parser.add_argument("--interval", type=int, default=20, help="ms between two messages of one side")
    args = parser.parse_args()
    args.seed = 1
    if INSIDE not in os.environ:
        enter_namespace()
    with tempfile.TemporaryDirectory(prefix="pawl-full-") as folder:
        return run(args, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main())
