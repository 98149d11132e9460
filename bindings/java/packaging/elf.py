"""What an ELF file says that those who load it care about: Android, a JVM, any host."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MACHINES = {3: "x86", 40: "armeabi-v7a", 62: "x86_64", 183: "arm64-v8a"}
PAGE = 16 * 1024
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRTAB, _FLAGS_1 = 1, 5, 0x6FFFFFFB
_MARKS = {15: "RPATH", 22: "TEXTREL", 29: "RUNPATH"}
_NODELETE = 8


class BadLibrary(Exception):
    """A library that cannot be handed out, and why."""


@dataclass
class Segment:
    kind: int
    offset: int
    address: int
    size: int
    align: int


class Elf:
    """A shared library, little-endian, of 32 or 64 bits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        if self.data[:4] != b"\x7fELF" or self.data[5] != 1:
            raise BadLibrary(f"{path} is no little-endian ELF file")
        self.wide = self.data[4] == 2
        self.machine = MACHINES.get(self._number("H", 18), "")
        self.segments = list(self._segments())

    def _number(self, kind: str, at: int) -> int:
        return int(struct.unpack_from("<" + kind, self.data, at)[0])

    def _segments(self) -> Iterator[Segment]:
        first, size, count = (32, 54, 56) if self.wide else (28, 42, 44)
        table = self._number("Q" if self.wide else "I", first)
        for number in range(self._number("H", count)):
            at = table + number * self._number("H", size)
            if self.wide:
                kind, _, offset, address, _, length, _, align = struct.unpack_from("<IIQQQQQQ", self.data, at)
            else:
                kind, offset, address, _, length, _, _, align = struct.unpack_from("<IIIIIIII", self.data, at)
            yield Segment(kind, offset, address, length, align)

    def load_alignment(self) -> int:
        """The least alignment of a segment that is loaded."""
        return min((it.align for it in self.segments if it.kind == _LOAD), default=0)

    def needed(self) -> list[str]:
        """The libraries that this one needs."""
        entries = list(self._dynamic())
        table = next((self._offset(value) for tag, value in entries if tag == _STRTAB), 0)
        return [self._text(table + value) for tag, value in entries if tag == _NEEDED]

    def marks(self) -> set[str]:
        """Those of RPATH, RUNPATH, TEXTREL and NODELETE that it has."""
        entries = list(self._dynamic())
        stays = any(tag == _FLAGS_1 and value & _NODELETE for tag, value in entries)
        return {_MARKS[tag] for tag, _ in entries if tag in _MARKS} | ({"NODELETE"} if stays else set())

    def _dynamic(self) -> Iterator[tuple[int, int]]:
        kind = "<QQ" if self.wide else "<II"
        for segment in self.segments:
            if segment.kind == _DYNAMIC:
                for tag, value in struct.iter_unpack(kind, self.data[segment.offset : segment.offset + segment.size]):
                    yield int(tag), int(value)

    def _offset(self, address: int) -> int:
        home = next(it for it in self.segments if it.kind == _LOAD and it.address <= address < it.address + it.size)
        return address - home.address + home.offset

    def _text(self, at: int) -> str:
        return self.data[at : self.data.index(b"\0", at)].decode()


def demand_pages(path: Path) -> Elf:
    """The library, when it can be loaded where memory pages have 16 KB."""
    elf = Elf(path)
    if elf.load_alignment() < PAGE:
        raise BadLibrary(
            f"{path} is aligned to {elf.load_alignment()} bytes: devices with pages of 16 KB cannot load it"
            " (link with -Wl,-z,max-page-size=16384)"
        )
    return elf
