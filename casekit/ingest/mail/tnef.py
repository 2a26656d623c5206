"""TNEF (winmail.dat) as the storage of an Outlook item, each attachment with its place in the bytes."""

from __future__ import annotations

import struct
from calendar import timegm
from dataclasses import dataclass, field

from casekit.ingest.mail.bundle import MAGIC, Bundle, Place, Storage
from casekit.ingest.mail.mapi import (
    BINARY,
    OBJECT,
    STRING,
    STRING8,
    TIME,
    Names,
    codepage_name,
    stream_name,
)

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 20_000
"""Attributes of one stream that are read."""

_HEAD = 6
_FIXED = {1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = (OBJECT, STRING8, STRING, BINARY, 0)
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
"""IID_IMessage: the object is a TNEF stream of its own."""
_IID = 16
# Attributes from before MAPI, and the properties that say the same (MS-OXTNEF 2.1.3.3).
_TEXTS = {0x8004: 0x0037, 0x800C: 0x1000}
_FROM, _SENT, _CLASS = 0x8000, 0x8005, 0x8008
_PROPERTIES, _RECIPIENTS, _CODEPAGE = 0x9003, 0x9004, 0x9007
_BEGINS, _DATA, _TITLE, _TRANSPORT_NAME, _ATTACHED = 0x9002, 0x800F, 0x8010, 0x9001, 0x9005
_EPOCH_TICKS = 116_444_736_000_000_000


@dataclass(slots=True)
class _Held:
    """Streams of a storage, with the place of those that are the bytes of something."""

    streams: dict[str, bytes] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    objects: set[str] = field(default_factory=set)
    named: dict[int, int] = field(default_factory=dict)

    def add(self, number: int, kind: int, data: bytes, at: int = -1) -> None:
        name = stream_name(number, kind)
        self.streams[name] = data
        if at >= 0:
            self.places[name] = Place(at, len(data))


class TnefStorage:
    """A TNEF stream; a `bundle.Storage` whose parts are slices of the stream.

    Args:
        data: The stream.

    Attributes:
        charset: Of its texts, from the code page it names.
        damaged: A checksum is wrong, or it breaks off.

    Source: MS-OXTNEF.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._own = _Held()
        self._recipients: list[_Held] = []
        self._attached: list[_Held] = []
        self.charset = ""
        self.damaged = not data.startswith(SIGNATURE)
        at = _HEAD
        for _ in range(MAX_ATTRIBUTES):
            if at + 11 > len(data) or (self.damaged and at == _HEAD):
                break
            number, length = struct.unpack_from("<xH2xI", data, at)
            begin, end = at + 9, at + 9 + length
            held = data[begin:end]
            total = struct.unpack_from("<H", data, end)[0] if end + 2 <= len(data) else -1
            self.damaged |= sum(held) & 0xFFFF != total
            self._take(number, held, begin)
            at = end + 2
        self.damaged |= at < len(data) and any(data[at:])

    def _take(self, number: int, held: bytes, begin: int) -> None:
        own = self._own
        text = held.rstrip(b"\0")
        if number in (_BEGINS, _DATA, _TITLE, _TRANSPORT_NAME, _ATTACHED):
            self._take_attached(number, held, begin)
        elif number in _TEXTS:
            own.streams.setdefault(stream_name(_TEXTS[number], STRING8), text)
        elif number == _CLASS:
            name = text.replace(b"IPM.Microsoft Mail.", b"IPM.")
            own.streams.setdefault(stream_name(0x001A, STRING8), name)
        elif number == _SENT and (ticks := _ticks(held)):
            own.streams.setdefault(stream_name(0x0039, TIME), ticks)
        elif number == _FROM:
            self._take_sender(held)
        elif number == _CODEPAGE and len(held) >= 4:
            self.charset = codepage_name(int.from_bytes(held[:4], "little"))
        elif number == _PROPERTIES:
            _read_block(held, 0, begin, own)
        elif number == _RECIPIENTS:
            at = 4
            for _ in range(min(int.from_bytes(held[:4], "little"), MAX_ATTRIBUTES)):
                if at + 4 > len(held):
                    break
                row = _Held()
                at = _read_block(held, at, begin, row)
                self._recipients.append(row)

    def _take_attached(self, number: int, held: bytes, begin: int) -> None:
        if number == _BEGINS or not self._attached:
            self._attached.append(_Held())
        last = self._attached[-1]
        if number == _DATA:
            last.add(0x3701, BINARY, held, begin)
        elif number == _TITLE:
            last.streams.setdefault(stream_name(0x3704, STRING8), held)
        elif number == _TRANSPORT_NAME:
            last.streams.setdefault(stream_name(0x3707, STRING8), held)
        elif number == _ATTACHED:
            _read_block(held, 0, begin, last)

    def _take_sender(self, held: bytes) -> None:
        """Name and `TYPE:address` of the sender, each with its length (a TRP structure)."""
        if len(held) < 8:
            return
        _, _, name, address = struct.unpack_from("<4H", held)
        kind, _, known = held[8 + name : 8 + name + address].rstrip(b"\0").partition(b":")
        for number, value in ((0x0C1A, held[8 : 8 + name]), (0x0C1E, kind), (0x0C1F, known)):
            self._own.streams.setdefault(stream_name(number, STRING8), value)

    @property
    def named(self) -> Names:
        """Ids of its named properties."""
        return self._own.named

    # -- as a storage -----------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Names of its streams."""
        return list(self._own.streams)

    def stream(self, name: str) -> bytes:
        """Bytes of a stream; empty where there is none."""
        return self._own.streams.get(name, b"")

    def folders(self) -> list[str]:
        """Names of the storages in it."""
        found = [f"__recip_version1.0_#{at:08X}" for at in range(len(self._recipients))]
        return found + [f"__attach_version1.0_#{at:08X}" for at in range(len(self._attached))]

    def folder(self, name: str) -> Storage:
        """A storage in it; an empty one where there is none."""
        kind, _, number = name.partition("#")
        rows = self._attached if kind.startswith("__attach") else self._recipients
        try:
            return _Row(rows[int(number, 16)], self._data)
        except (ValueError, IndexError):
            return Bundle(MAGIC)

    def whole(self, name: str) -> tuple[bytes, Storage]:
        """See `bundle.Storage`; no storage of a TNEF stream has bytes of its own but a message."""
        return b"", self.folder(name)

    def place(self, name: str) -> Place | None:
        """See `bundle.Storage`."""
        return self._own.places.get(name)


class _Row:
    """A recipient, or an attachment, which may hold a message."""

    def __init__(self, held: _Held, data: bytes) -> None:
        self._held = held
        self._data = data

    def names(self) -> list[str]:
        return [name for name in self._held.streams if name not in self._held.objects]

    def stream(self, name: str) -> bytes:
        return self._held.streams.get(name, b"")

    def folders(self) -> list[str]:
        return list(self._held.objects)

    def folder(self, name: str) -> Storage:
        return TnefStorage(self.stream(name))

    def whole(self, name: str) -> tuple[bytes, Storage]:
        data = self.stream(name)
        return data, TnefStorage(data)

    def place(self, name: str) -> Place | None:
        return self._held.places.get(name)


def _read_block(data: bytes, at: int, begin: int, held: _Held) -> int:
    """Read a list of properties into `held`; returns where it ends, the data's end if it breaks off."""
    count = int.from_bytes(data[at : at + 4], "little")
    at += 4
    for _ in range(min(count, MAX_ATTRIBUTES)):
        if at + 4 > len(data):
            return len(data)
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number & 0x8000:  # a named property: its set and its number or name
            by_name, size = struct.unpack_from("<II", data.ljust(at + 24, b"\0"), at + 16)
            at += 24 + (size + 3 & ~3 if by_name else 0)
            if not by_name:
                held.named.setdefault(size, number)
        several, kind = kind & 0x1000, kind & 0x0FFF
        values = 1
        if several or kind in _VARIABLE:
            values = int.from_bytes(data[at : at + 4], "little")
            at += 4
        for index in range(values):
            if kind in _VARIABLE:
                size = int.from_bytes(data[at : at + 4], "little")
                at += 4
                step = size + 3 & ~3
            elif kind in _FIXED:
                size = step = _FIXED[kind]
            else:
                return len(data)
            if at + size > len(data):
                return len(data)
            if not index and not several:
                _keep(held, number, kind, data[at : at + size], begin + at)
            at += step
            if index > MAX_ATTRIBUTES:
                return len(data)
    return at


def _keep(held: _Held, number: int, kind: int, value: bytes, at: int) -> None:
    if kind != OBJECT:
        held.add(number, kind, value, at)
        return
    # an object begins with the interface it is stored by
    inside = value[_IID:]
    message = value.startswith(_MESSAGE)
    held.add(number, OBJECT if message else BINARY, inside, at + _IID)
    if message:
        held.objects.add(stream_name(number, OBJECT))


def _ticks(held: bytes) -> bytes:
    """A date of seven numbers as a FILETIME; nothing where the calendar has no such day."""
    if len(held) < 12:
        return b""
    year, month, day, hour, minute, second = struct.unpack_from("<6H", held)
    if not (1971 <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24):
        return b""
    seconds = timegm((year, month, day, hour, minute, second))
    return (seconds * 10_000_000 + _EPOCH_TICKS).to_bytes(8, "little")
