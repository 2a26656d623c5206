from __future__ import annotations

import pytest

from casekit.ingest.mail.transfer import Undone, undo


@pytest.mark.parametrize(
    ("raw", "encoding", "undone"),
    [
        (b"as is =41", "", Undone(b"as is =41")),
        (b"\xff\0", "binary", Undone(b"\xff\0")),
        (b"QUJD", "base64", Undone(b"ABC", "base64")),
        (b"QUJDRA", "base64", Undone(b"ABCD", "base64", "bad-base64")),
        (b"a=\r\nb=3D=zz\r\n", "quoted-printable", Undone(b"ab==zz\r\n", "quoted-printable")),
        (b"begin 644 x", "x-uuencode", Undone(b"begin 644 x", "", "unknown-encoding")),
        (b"begin 644 x\n#04)#\n`\nend\n", "x-uuencode", Undone(b"ABC", "uuencode")),
        (b"\n begin\nbegin 644 x\n#04)#\nend\n", "uue", Undone(b"ABC", "uuencode", "bad-uuencode")),
        (b"begin 644 x\n#04)#\nend\n\n \n", "uue", Undone(b"ABC", "uuencode")),
        (
            b"begin 644 x\n#04)#\nend\nbegin 644 y\n#04)#\nend\n",
            "uue",
            Undone(b"ABC", "uuencode", "bad-uuencode"),
        ),
        (
            b"note\r\nbegin 644 x\r\n#04)#\r\n",
            "uuencode",
            Undone(b"ABC", "uuencode", "bad-uuencode"),
        ),
    ],
)
def test_transfer_encodings_are_undone(raw: bytes, encoding: str, undone: Undone) -> None:
    assert undo(raw, encoding) == undone
