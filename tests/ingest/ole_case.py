"""Old office files made for the tests: a compound file around the streams they are given."""

from __future__ import annotations

import struct

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
_CUTOFF = 4096


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file; a stream's name may lead through one storage (`Macros/VBA`); short ones are padded."""
    entries: list[tuple[str, int, int, bytes]] = [
        ("Root Entry", 5, 0, b"")
    ]  # name, type, parent, data
    storages: dict[str, int] = {}
    for path, data in streams.items():
        folder, _, name = path.rpartition("/")
        parent = 0
        if folder:
            if folder not in storages:
                storages[folder] = len(entries)
                entries.append((folder, 1, 0, b""))
            parent = storages[folder]
        entries.append((name, 2, parent, data.ljust(_CUTOFF, b"\0")))
    places, body, fat = [], b"", []
    for _, kind, _, data in entries:
        if kind != 2:
            places.append(_END)
            continue
        count = -(-len(data) // _SECTOR)
        first = len(fat)
        places.append(first)
        fat += [*range(first + 1, first + count), _END]
        body += data.ljust(count * _SECTOR, b"\0")
    listing = _directory(entries, places)
    start, count = len(fat), len(listing) // _SECTOR
    fat += [*range(start + 1, start + count), _END]
    table = len(fat)
    sectors = -(-(table + 1) // 127)
    fat += [_FAT] * sectors
    packed = struct.pack(f"<{len(fat)}I", *fat).ljust(sectors * _SECTOR, b"\xff")
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, sectors,
        start, 0, _CUTOFF, _END, 0, _END, 0,
    )  # fmt: skip
    difat = [*range(table, table + sectors)]
    head += struct.pack("<109I", *difat, *[_FREE] * (109 - sectors))
    return head + body + listing + packed


def _directory(entries: list[tuple[str, int, int, bytes]], places: list[int]) -> bytes:
    made = b""
    for number, (name, kind, parent, data) in enumerate(entries):
        children = [n for n, each in enumerate(entries) if n and each[2] == number and n != number]
        child = children[0] if kind in (1, 5) and children else _FREE
        siblings = [n for n in range(number + 1, len(entries)) if entries[n][2] == parent]
        right = siblings[0] if number and siblings else _FREE
        raw = name.encode("utf-16-le")
        made += struct.pack(
            "<64sHBBIII16xI8x8xIQ",
            raw,
            len(raw) + 2,
            kind,
            1,
            _FREE,
            right,
            child,
            0,
            places[number],
            len(data),
        )
    return made.ljust(-(-len(made) // _SECTOR) * _SECTOR, b"\0")


def word(
    text: str,
    *,
    notes: str = "",
    comments: str = "",
    deleted: tuple[int, int] | None = None,
    flags: int = 0x0200,
    wide: bool = True,
) -> tuple[bytes, bytes]:
    """The streams `WordDocument` and `1Table` of a Word 97 file; `deleted` is a range of its letters."""
    whole = text + notes + comments
    raw = whole.encode("utf-16-le") if wide else whole.encode("cp1252")
    width = 2 if wide else 1
    count = len(raw) // width
    main = bytearray(4096 + len(raw))
    struct.pack_into("<HHxxHxxH", main, 0, 0xA5EC, 0xC1, 0x409, flags)
    sizes = [
        len(part.encode("utf-16-le")) // 2 for part in (text, notes, "", "", comments, "", "", "")
    ]
    struct.pack_into("<8i", main, 76, *sizes)
    start = 4096
    main[start : start + len(raw)] = raw
    packed = start if wide else (start * 2) | 0x40000000
    pieces = struct.pack("<2i", 0, count) + struct.pack("<HIH", 0, packed, 0)
    clx = b"\x01\x02\x00ab" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    table = clx
    struct.pack_into("<Ii", main, 154 + 8 * 33, 0, len(clx))
    if deleted is not None:
        first, last = (start + width * place for place in deleted)
        plc = struct.pack("<3I", start, start + len(raw), 2048 // 512)
        struct.pack_into("<Ii", main, 154 + 8 * 12, len(table), len(plc))
        table += plc
        struct.pack_into("<4I", main, 2048, start, first, last, start + len(raw))
        main[2048 + 16 : 2048 + 19] = bytes([0, 100, 0])
        # an unrelated modifier before it, of one byte and of four
        properties = (
            struct.pack("<HB", 0x0835, 1)
            + struct.pack("<HI", 0x6870, 7)
            + struct.pack("<HB", 0x0800, 1)
        )
        main[2048 + 200 : 2048 + 201 + len(properties)] = bytes([len(properties)]) + properties
        main[2048 + 511] = 3
    names = "Eve".encode("utf-16-le")
    authors = b"\xff\xff" + struct.pack("<HHH", 1, 0, 3) + names
    struct.pack_into("<Ii", main, 154 + 8 * 51, len(table), len(authors))
    return bytes(main), table + authors


def record(kind: int, content: bytes, instance: int = 0, holds: bool = False) -> bytes:
    """A record of a PowerPoint stream."""
    return struct.pack("<HHI", instance << 4 | (0xF if holds else 0), kind, len(content)) + content


def show(*slides: tuple[str, str], saves: int = 1) -> tuple[bytes, bytes]:
    """The streams `PowerPoint Document` and `Current User`: each slide has an outline and a text of its own."""
    lists = b""
    bodies = []
    for number, (outline, own) in enumerate(slides):
        lists += record(1011, struct.pack("<IIiII", number + 2, 0, 0, 256 + number, 0))
        lists += record(4008, outline.encode("latin-1"))
        shape = record(4000, own.encode("utf-16-le"))
        strings = record(4026, "Eve".encode("utf-16-le"), 0) + record(
            4026, f"Why {number}?".encode("utf-16-le"), 1
        )
        tag = record(
            5000,
            record(5002, record(5003, record(12000, strings, holds=True)), holds=True),
            holds=True,
        )
        bodies.append(record(1006, record(0xF00D, shape, holds=True) + tag, holds=True))
    data = record(1000, record(4080, lists, holds=True), holds=True)
    places = [0]
    for body in bodies:
        places.append(len(data))
        data += body
    before = 0
    for _ in range(saves):
        directory = len(data)
        data += record(6002, struct.pack(f"<{1 + len(places)}I", len(places) << 20 | 1, *places))
        edit = len(data)
        data += record(4085, struct.pack("<IIIIIIHH", 0, 0, before, directory, 1, 99, 0, 0))
        before = edit
    user = record(4086, struct.pack("<III", 20, 0xE391C05F, before))
    return data, user
