from __future__ import annotations

import pytest

from casekit.ingest.containers import Data
from casekit.ingest.reading import format_of
from casekit.ingest.sniff_ole import ole_format
from tests.ingest.ole_case import ole
from tests.ingest.outlook_case import compound_file, note


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["WordDocument", "1Table"], "doc"),
        (["WORDDOCUMENT"], "doc"),
        (["PowerPoint Document", "Current User"], "ppt"),
        (["Workbook"], "workbook"),
        (["Book"], "workbook"),
        (["__properties_version1.0", "__substg1.0_0037001F"], "msg"),
        (["__substg1.0_0037001F"], "msg"),
        (["EncryptedPackage", "EncryptionInfo", "WordDocument"], "office-locked"),
        (["\tDRMContent", "WordDocument"], "office-locked"),
        (["WordDocument", "ObjectPool/Workbook"], "doc"),
        (["ObjectPool/WordDocument"], ""),
        (["Contents"], ""),
        (["Contents", "\x01CompObj"], "ole-object"),
        (["CONTENTS", "\x03ObjInfo", "Workbook"], "workbook"),
        (["Package"], "ole-object"),
        (["\x01Ole10Native"], "ole-object"),
        (["ObjectPool/\x01Ole10Native"], ""),
    ],
)
def test_a_file_is_told_by_the_names_below_its_root(names: list[str], expected: str) -> None:
    data = ole(dict.fromkeys(names, b"x"))
    assert ole_format(data) == expected
    read_as = {"xls": "workbook", "": "unknown"}.get(expected, expected)
    assert format_of(data, "letter.xyz") == read_as


def test_a_damaged_directory_still_tells() -> None:
    data = bytearray(ole({"WordDocument": b"x"}))
    data[44:48] = b"\x00\x00\x00\x00"  # no sectors of its table of sectors
    assert ole_format(bytes(data)) == "doc"
    assert ole_format(bytes(data[: len(data) // 2])) in ("doc", "")


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"plain text" * 100])
def test_anything_else_is_nothing(data: Data) -> None:
    assert ole_format(data) == ""


def test_the_directory_may_lie_far_behind_the_head_or_be_cut_off() -> None:
    large = compound_file(note(_1013=b"x" * 200_000))
    assert format_of(large, "letter.doc") == "msg"
    assert ole_format(large[:1000]) == ""
    assert ole_format(large[:40]) == ""
