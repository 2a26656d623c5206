from __future__ import annotations

import base64
import io
import json

import pytest

from casekit.ingest import pointer
from casekit.ingest.mail.cms import signed_content
from casekit.ingest.parsed import sha256
from casekit.ingest.readers import eml
from tests.ingest.documents import pdf
from tests.ingest.mail_case import kinds, read_all


def der(tag: int, *content: bytes) -> bytes:
    data = b"".join(content)
    size = len(data)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + data


def ber(tag: int, *content: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


SIGNED = der(0x06, bytes.fromhex("2a864886f70d010702"))
DATA = der(0x06, bytes.fromhex("2a864886f70d010701"))
INNER = b"Content-Type: text/plain\n\nSigned and carried.\n"


def sealed(*carried: bytes, make: object = der) -> bytes:
    assert callable(make)
    content = make(0x30, DATA, *(make(0xA0, one) for one in carried))
    body = make(0x30, der(0x02, b"\1"), der(0x31), content, der(0x31))
    return bytes(make(0x30, SIGNED, make(0xA0, body)))


def test_the_content_comes_out_whatever_the_lengths_are_written_like() -> None:
    assert signed_content(sealed(der(0x04, INNER))) == INNER
    pieces = ber(0x24, der(0x04, INNER[:7]), ber(0x24, der(0x04, INNER[7:])))
    assert signed_content(sealed(pieces, make=ber)) == INNER


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no signature",
        sealed(),  # it stands apart
        sealed(der(0x0C, b"x")),
        der(0x30, DATA, der(0xA0, b"")),  # other content
        der(0x30, SIGNED),
        der(0x30, SIGNED, der(0x30)),
        b"\x30\x80" * 10_000,
        b"\x1f\x80" + b"\x30\xff",
    ],
)
def test_other_bytes_give_nothing(data: bytes) -> None:
    assert signed_content(data) is None


def test_every_cut_and_every_changed_byte_ends() -> None:
    data = sealed(ber(0x24, der(0x04, INNER)), make=ber)
    for at in range(len(data)):
        signed_content(data[:at])
        signed_content(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])


def message(data: bytes) -> bytes:
    return (
        b"From: a@b\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nSubject: Sealed\n"
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)
    )


def test_a_mail_shows_what_its_signature_carries_and_judges_nothing() -> None:
    raw = message(sealed(der(0x04, INNER)))
    (item,), _, _ = read_all(eml.read, raw)
    assert item.texts == (("body", "Signed and carried.\n"),)
    assert (kinds(item), json.loads(item.facts)) == ([], {"signed": "smime"})
    (seal,) = item.children
    (inner,) = seal.children
    assert (inner.kind, inner.size, inner.problems) == ("mail", len(INNER), ())
    steps = pointer.from_json(pointer.to_json((*seal.steps, *inner.steps)))
    assert sha256(pointer.resolve(io.BytesIO(raw), steps)) == inner.sha256


def test_what_cannot_be_taken_out_says_so() -> None:
    (item,), _, _ = read_all(eml.read, message(b"0" * 50))
    assert kinds(item) == ["opaque-signature"]
    deep = INNER
    for _ in range(12):
        deep = message(sealed(der(0x04, deep)))
    read_all(eml.read, deep)


@pytest.mark.parametrize("media_type", ["application/pkcs7-mime", "application/octet-stream"])
def test_a_signed_file_that_is_attached_is_read_as_that_file(media_type: str) -> None:
    signed = sealed(der(0x04, pdf("Signed pact")))
    raw = (
        b"From: a@b\nDate: Mon, 1 Jan 2024 10:00:00 +0000\nContent-Type: multipart/mixed; boundary=B\n\n"
        b"--B\n\nSee the contract.\n--B\nContent-Type: %s; name=contract.pdf.p7m\n"
        b"Content-Transfer-Encoding: base64\n\n%s\n--B--\n"
    ) % (media_type.encode(), base64.encodebytes(signed))
    (made,), _, _ = read_all(eml.read, raw)
    ((attached,),) = (made.children,)
    (file,) = attached.children
    assert (file.kind, file.title, file.media_type) == (
        "document",
        "contract.pdf",
        "application/pdf",
    )
    assert "Signed pact" in file.texts[0][1]
    assert dict(made.texts)["body"] == "See the contract."
    assert kinds(made) == []


def test_what_is_signed_without_a_header_is_still_the_message() -> None:
    (made,), _, _ = read_all(eml.read, message(sealed(der(0x04, b"only words"))))
    assert dict(made.texts)["body"] == "only words"
