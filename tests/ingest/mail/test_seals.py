from __future__ import annotations

import pytest

from casekit.ingest.mail.seals import Seals, read_seals
from casekit.ingest.mail.structure import read_structure

_SIGNED = (
    b"Content-Type: multipart/signed; boundary=b\n\n--b\n\nx\n--b\nContent-Type: %s\n\ny\n--b--\n"
)
_OCTETS = (
    b"Content-Type: application/octet-stream; name=%s\nContent-Transfer-Encoding: base64\n\n%s\n"
)
_BESIDE = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\n" + _OCTETS + b"--b--\n"
_PKCS7 = b"Content-Type: application/pkcs7-mime%s\nContent-Transfer-Encoding: base64\n\n%s\n"


@pytest.mark.parametrize(
    ("raw", "seals"),
    [
        (b"Subject: x\n\nbody", Seals()),
        (_SIGNED % b"application/pgp-signature", Seals(signed="pgp")),
        (_SIGNED % b"application/x-pkcs7-signature", Seals(signed="smime")),
        (_PKCS7 % (b"; smime-type=enveloped-data", b""), Seals(encrypted="smime")),
        (_PKCS7 % (b"; smime-type=signed-data", b""), Seals(signed="smime", opaque=True)),
        # without a name for it, the bytes say which of the two it is
        (_PKCS7 % (b"", b"MIAGCSqGSIb3DQEHAqCA"), Seals(signed="smime", opaque=True)),
        (_PKCS7 % (b"", b"MIAGCSqGSIb3DQEHA6CA"), Seals(encrypted="smime")),
        # by its name, where it is declared as bytes of any kind (RFC 8551, 3.10)
        (_OCTETS % (b"smime.p7m", b"MIAGCSqGSIb3DQEHAqCA"), Seals(signed="smime", opaque=True)),
        (_OCTETS % (b"SMIME.P7M", b"MIAGCSqGSIb3DQEHA6CA"), Seals(encrypted="smime")),
        (_OCTETS % (b"a.bin", b"MIAGCSqGSIb3DQEHA6CA"), Seals()),
        # a file that is attached and signed or sealed of itself seals nothing else
        (_BESIDE % (b"pact.pdf.p7m", b"MIAGCSqGSIb3DQEHA6CA"), Seals()),
        (_BESIDE % (b"smime.p7m", b"MIAGCSqGSIb3DQEHA6CA"), Seals(encrypted="smime")),
        # certificates alone seal nothing
        (_PKCS7 % (b"; smime-type=certs-only", b"MIAGCSqGSIb3DQEHAqCA"), Seals()),
        (b"Content-Type: application/pgp-encrypted\n\nVersion: 1", Seals(encrypted="pgp")),
        (b"\n-----BEGIN PGP MESSAGE-----\n", Seals(encrypted="pgp")),
        (b"\n-----BEGIN PGP SIGNED MESSAGE-----\n", Seals(signed="pgp")),
    ],
)
def test_signed_and_encrypted_messages_are_told_apart(raw: bytes, seals: Seals) -> None:
    root = read_structure(raw)
    assert read_seals(raw, root, raw[root.start : root.end].decode()) == seals
