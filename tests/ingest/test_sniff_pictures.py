"""Pictures by their first bytes."""

from __future__ import annotations

import pytest

from casekit.ingest.sniff_pictures import is_picture

_BEFORE = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0"


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"GIF89a" + bytes(12), True),
        (b"II*\0" + bytes(14), True),
        (b"MM\0*" + bytes(14), True),
        (b"RIFF\0\0\0\0WEBPVP8 \0\0", True),
        (b"RIFF\0\0\0\0WAVEfmt \0\0", False),
        (_BEFORE + b"\x28\0\0\0", True),
        (_BEFORE + b"\x0c\0\0\0", True),
        (_BEFORE + b"\x29\0\0\0", False),
        (b"BM is a firm of lawyers", False),
        (b"BM", False),
        (b"", False),
    ],
)
def test_pictures_by_their_first_bytes(head: bytes, told: bool) -> None:
    assert is_picture(head) is told
