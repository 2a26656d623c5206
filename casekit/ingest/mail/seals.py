"""Whether a message is signed or encrypted, told from its parts; no signature is judged."""

from __future__ import annotations

from typing import NamedTuple

from casekit.ingest.mail.structure import Part
from casekit.ingest.mail.transfer import undo

PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
"""Types of an S/MIME message that is encrypted, or carries what is signed."""
_OID = bytes.fromhex(
    "06092a864886f70d0107"
)  # 1.2.840.113549.1.7: PKCS #7, the next byte names the kind
_SIGNED_DATA = 2
_SIGNATURES = {
    "application/pgp-signature": "pgp",
    "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime",
}


class Seals(NamedTuple):
    """How a message is sealed.

    Attributes:
        signed: `smime`, `pgp` or empty.
        encrypted: The same.
        opaque: Whether what is signed lies inside the signature, where it cannot be searched.
    """

    signed: str = ""
    encrypted: str = ""
    opaque: bool = False


def read_seals(raw: bytes, root: Part, body: str) -> Seals:
    """How a message is signed and encrypted.

    Args:
        raw: The message.
        root: Its structure.
        body: Its text, in which PGP may stand.
    """
    signed = encrypted = ""
    opaque = False
    for part in root.walk():
        kind = part.media_type
        if kind in _SIGNATURES:
            signed = signed or _SIGNATURES[kind]
        elif kind in ("multipart/encrypted", "application/pgp-encrypted"):
            encrypted = encrypted or "pgp"
        elif kind in PKCS7 and _is_signed_data(raw, part):
            signed, opaque = signed or "smime", True
        elif kind in PKCS7:
            encrypted = encrypted or "smime"
    if "-----BEGIN PGP MESSAGE-----" in body:
        encrypted = encrypted or "pgp"
    elif "-----BEGIN PGP SIGNED MESSAGE-----" in body:
        signed = signed or "pgp"
    return Seals(signed, encrypted, opaque)


def _is_signed_data(raw: bytes, part: Part) -> bool:
    declared = part.parameters.get("smime-type", "").lower()
    if declared:
        return declared in ("signed-data", "certs-only", "compressed-data")
    data = undo(raw[part.start : part.end], part.encoding).data[:64]
    at = data.find(_OID)
    return at >= 0 and data[at + len(_OID) : at + len(_OID) + 1] == bytes([_SIGNED_DATA])
