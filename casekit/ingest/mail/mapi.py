"""Values of Outlook's properties (MAPI): what a number means and in which code page its text is."""

from __future__ import annotations

import struct

from casekit.ingest.charsets import tidy
from casekit.ingest.mail.bundle import Storage
from casekit.ingest.mail.charsets import codec_of, decode

Values = dict[int, tuple[int, bytes]]
"""Property id to its type and raw value."""
Names = dict[int, int]
"""Number of a named property (its LID in MS-OXPROPS) to the id that this file gives it."""

INTEGER16, INTEGER32, BOOLEAN, OBJECT, INTEGER64 = 0x0002, 0x0003, 0x000B, 0x000D, 0x0014
STRING8, STRING, TIME, BINARY = 0x001E, 0x001F, 0x0040, 0x0102

_FIXED = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 2,
          0x0014: 8, 0x0040: 8}  # fmt: skip
_PROPERTIES = "__properties_version1.0"
_STREAM = "__substg1.0_"
MAX_VALUES = 10_000
"""Properties of one object that are read."""
_MESSAGE_CODEPAGE, _INTERNET_CODEPAGE, _LOCALE = 0x3FFD, 0x3FDE, 0x3FF1
_EPOCH_US = 11_644_473_600_000_000
"""Microseconds from 1601, where FILETIME begins, to 1970."""
_LAST_US = 253_402_300_800_000_000
"""The year 10000."""

_CODEPAGES = {
    1200: "utf-16-le", 1201: "utf-16-be", 10000: "mac-roman", 20127: "ascii", 20866: "koi8-r",
    20932: "euc-jp", 21866: "koi8-u", 28605: "iso-8859-15", 50220: "iso-2022-jp", 50221: "iso-2022-jp",
    50222: "iso-2022-jp", 50225: "iso-2022-kr", 51932: "euc-jp", 51936: "gb18030", 51949: "euc-kr",
    52936: "hz", 54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
}  # fmt: skip
_LANGUAGES = {
    0x01: 1256, 0x02: 1251, 0x05: 1250, 0x08: 1253, 0x0D: 1255, 0x0E: 1250, 0x11: 932, 0x12: 949,
    0x15: 1250, 0x18: 1250, 0x19: 1251, 0x1A: 1250, 0x1B: 1250, 0x1C: 1250, 0x1E: 874, 0x1F: 1254,
    0x20: 1256, 0x22: 1251, 0x23: 1251, 0x24: 1250, 0x25: 1257, 0x26: 1257, 0x27: 1257, 0x29: 1256,
    0x2A: 1258, 0x2C: 1254, 0x2F: 1251,
}  # fmt: skip
_TRADITIONAL_CHINESE = (0x0404, 0x0C04, 0x1404)


def codepage_name(number: int | None) -> str:
    """Charset of a Windows code page; empty if it is none that is known.

    Source: MS-UCODEREF, 2.2.1.
    """
    if not number:
        return ""
    if 28591 <= number <= 28606:
        return codec_of(f"iso-8859-{number - 28590}")
    return codec_of(_CODEPAGES.get(number, f"cp{number}"))


def locale_charset(locale: int | None) -> str:
    """Charset that Windows writes in where its language is `locale`; empty if none is named.

    Source: MS-LCID 2.2, with the code page of each language.
    """
    if not locale:
        return ""
    if locale & 0x3FF == 0x04:
        return codepage_name(950 if locale in _TRADITIONAL_CHINESE else 936)
    return codepage_name(_LANGUAGES.get(locale & 0x3FF, 1252))


class Properties:
    """The properties of a message, recipient or attachment.

    Args:
        values: Raw values by property id.
        charset: Of texts that are not Unicode, where the object names no code page itself; empty: guessed.
        names: Ids of named properties by their number.
    """

    def __init__(self, values: Values, charset: str = "", names: Names | None = None) -> None:
        self._values = values
        self._names = names or {}
        named = codepage_name(self.number(_MESSAGE_CODEPAGE))
        if named == "utf-16-le":  # it says "Unicode", of texts that are not
            named = ""
        internet = codepage_name(self.number(_INTERNET_CODEPAGE))
        self.charset = named or charset or locale_charset(self.number(_LOCALE))
        self.internet_charset = internet

    def __contains__(self, number: int) -> bool:
        return number in self._values

    def named(self, lid: int) -> int:
        """Id of a named property; 0, which no property has, where the file does not know it."""
        return self._names.get(lid, 0)

    def text(self, number: int) -> str:
        """A text, without the zeros that end it; empty where there is none."""
        kind, raw = self._values.get(number, (0, b""))
        if kind == STRING:
            text = raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace")
        elif kind == STRING8:
            text = self._decoded(raw.rstrip(b"\0"))
        else:
            return ""
        return tidy(text.rstrip("\0"))

    def _decoded(self, raw: bytes) -> str:
        if self.internet_charset == "utf-8" and not raw.isascii():
            try:
                return raw.decode("utf-8")  # some programs write it, whatever the message says
            except UnicodeDecodeError:
                pass
        return decode(raw, self.charset).text

    def number(self, number: int) -> int | None:
        """A whole number or a truth, None where there is none."""
        kind, raw = self._values.get(number, (0, b""))
        if kind in (INTEGER16, INTEGER32, INTEGER64, BOOLEAN) and raw:
            size = min(_FIXED[kind], len(raw))
            return int.from_bytes(raw[:size], "little", signed=kind != BOOLEAN)
        return None

    def time_us(self, number: int) -> int | None:
        """A time in microseconds since 1970 UTC, None where there is none that a calendar has."""
        kind, raw = self._values.get(number, (0, b""))
        if kind != TIME or len(raw) < 8:
            return None
        us = int(struct.unpack("<Q", raw[:8])[0]) // 10 - _EPOCH_US
        return us if -_EPOCH_US < us < _LAST_US else None

    def ticks(self, number: int) -> int:
        """The same time as it stands there: steps of 100 ns since 1601."""
        return int.from_bytes(self._values.get(number, (0, b""))[1][:8], "little")

    def binary(self, number: int) -> bytes:
        """Raw bytes, whatever their type."""
        return self._values.get(number, (0, b""))[1]

    def kind(self, number: int) -> int:
        """The type of a property, 0 where there is none."""
        return self._values.get(number, (0, b""))[0]


def read_properties(
    storage: Storage, head: int, charset: str = "", names: Names | None = None
) -> Properties:
    """Properties of a storage of an MSG file.

    Args:
        storage: Of a message, a recipient or an attachment.
        head: Bytes before the first entry of its property stream: 32 for the outermost message, 24 for
            one inside another, 8 for the others.
        charset: See `Properties`.
        names: See `Properties`.

    Source: MS-OXMSG 2.4.
    """
    values: Values = {}
    stream = storage.stream(_PROPERTIES)
    stop = min(len(stream), head + 16 * MAX_VALUES)
    for at in range(head, stop - 15, 16):
        kind, number = struct.unpack_from("<HH", stream, at)
        if size := _FIXED.get(kind):
            values[number] = (kind, stream[at + 8 : at + 8 + size])
    for name in storage.names()[:MAX_VALUES]:
        label = name.removeprefix(_STREAM)
        if label == name or len(label) != 8:
            continue
        try:
            tag = int(label, 16)
        except ValueError:
            continue
        values[tag >> 16] = (tag & 0xFFFF, storage.stream(name))
    return Properties(values, charset, names)


def stream_name(number: int, kind: int) -> str:
    """Name of the stream that holds a property."""
    return f"{_STREAM}{number:04X}{kind:04X}"


def read_names(storage: Storage) -> Names:
    """The named properties of an MSG file, those with a number for a name.

    Args:
        storage: Of the outermost message.
    """
    return names_of(storage.folder("__nameid_version1.0").stream(stream_name(0x0003, BINARY)))


def names_of(entries: bytes) -> Names:
    """The same from the stream of entries, which a mailbox has too.

    Source: MS-OXMSG 2.2.3, MS-PST 2.4.7.
    """
    names: Names = {}
    for at in range(0, min(len(entries), 8 * MAX_VALUES) - 7, 8):
        lid, kind, index = struct.unpack_from("<IHH", entries, at)
        if not kind & 1:
            names.setdefault(lid, 0x8000 + index)
    return names
