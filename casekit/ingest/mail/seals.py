"""Whether a message is signed or encrypted, told from its parts; no signature is judged."""

from __future__ import annotations

from typing import NamedTuple

from casekit.ingest.mail.bodies import file_name
from casekit.ingest.mail.structure import Part
from casekit.ingest.mail.transfer import undo

PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
"""Types of an S/MIME message that is encrypted, or carries what is signed."""
_NAMES = (".p7m", ".p7z", ".p7c")
"""Ends of the name by which one is told that is declared as bytes of any kind (RFC 8551, 3.10)."""
_OID = bytes.fromhex(
    "06092a864886f70d0107"
)  # 1.2.840.113549.1.7: PKCS #7, the next byte names the kind
_SIGNED_DATA = 2
_WITHOUT_CONTENT = ("certs-only",)
"""Kinds of S/MIME that carry certificates and nothing that anybody wrote (RFC 8551, 3.8)."""
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
        elif kind in PKCS7 or (is_pkcs7(part) and _is_message(part, root)):
            declared = part.parameters.get("smime-type", "").lower()
            if declared in _WITHOUT_CONTENT:
                continue
            if _is_signed_data(raw, part, declared):
                signed, opaque = signed or "smime", True
            else:
                encrypted = encrypted or "smime"
    if "-----BEGIN PGP MESSAGE-----" in body:
        encrypted = encrypted or "pgp"
    elif "-----BEGIN PGP SIGNED MESSAGE-----" in body:
        signed = signed or "pgp"
    return Seals(signed, encrypted, opaque)


def is_pkcs7(part: Part) -> bool:
    """Whether a part is an S/MIME message by its type, or by its name where the type says nothing."""
    if part.media_type in PKCS7:
        return True
    return part.media_type == "application/octet-stream" and file_name(part).lower().endswith(
        _NAMES
    )


def _is_message(part: Part, root: Part) -> bool:
    """Whether what is told by its name is the message; a signed file that is attached to one is not."""
    return part is root or file_name(part).lower().startswith("smime.")


def _is_signed_data(raw: bytes, part: Part, declared: str) -> bool:
    if declared:
        return declared in ("signed-data", "compressed-data")
    data = undo(raw[part.start : part.end], part.encoding).data[:64]
    at = data.find(_OID)
    return at >= 0 and data[at + len(_OID) : at + len(_OID) + 1] == bytes([_SIGNED_DATA])
