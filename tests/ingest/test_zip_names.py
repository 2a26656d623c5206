from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from casekit.ingest.containers import open_zip
from casekit.ingest.zip_members import open_archive


def named(raw: bytes, beside: str, crc: int | None = None) -> list[str]:
    """Names of the one member of a zip whose directory says `raw`, with a name in UTF-8 in a field beside."""
    stand_in = "x" * len(raw)
    info = zipfile.ZipInfo(stand_in)
    stated = zlib.crc32(raw) if crc is None else crc
    field = struct.pack("<BL", 1, stated) + beside.encode()
    info.extra = struct.pack("<HH", 0x7075, len(field)) + field
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, b"text")
    data = out.getvalue().replace(stand_in.encode(), raw)
    return [name for _, name, _ in open_zip(data).files]


def test_a_name_in_old_letters_is_read_by_the_one_in_utf8_beside_it() -> None:
    assert named(b"\x9abersicht.txt", "Übersicht.txt") == ["Übersicht.txt"]


@pytest.mark.parametrize("beside", ["Übersicht.txt", ""])
def test_a_field_that_belongs_to_another_name_or_says_nothing_is_not_followed(beside: str) -> None:
    assert named(b"\x9abersicht.txt", beside, crc=1 if beside else None) != [beside]


@pytest.mark.parametrize("beside", ["other.txt", ""])
def test_a_name_that_can_be_read_stands_whatever_is_said_beside_it(beside: str) -> None:
    assert named(b"own.txt", beside) == ["own.txt"]


def test_a_name_is_the_directorys_whatever_python_makes_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Newer(zipfile.ZipFile):
        """Takes the name from the field beside it, as newer Pythons do."""

        def __init__(self, file: io.BytesIO) -> None:
            super().__init__(file)
            for entry in self.infolist():
                entry.filename = "other.txt"

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("own.txt", b"text")
    monkeypatch.setattr(zipfile, "ZipFile", Newer)
    (entry,) = open_archive(out).infolist()
    assert entry.filename == "own.txt"
