"""Signatures made: PAdES inside a dossier that is kept, CMS beside one that is filed, stamps of RFC 3161.

The library that signs (pyHanko) is imported in functions: nothing else in CaseKit needs it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from casekit import clock
from casekit.errors import CaseKitError, WrongPassword

Level = Literal["B", "T", "LTA"]
Where = Literal["inside", "beside"]
LEVELS: tuple[Level, ...] = ("B", "T", "LTA")
SECONDS = 30  # that an authority may take to answer
MOST_KEY = 1_000_000  # bytes of a key file
_FIELD = "CaseKit"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that may sign.

    Attributes:
        name: The certificate's subject, as people read it.
        certificate_sha256: Of the certificate, in hex: what an engagement letter or a card can state.
        until_us: When it expires, microseconds since 1970 UTC.
        inner: What the signing library needs; the password is not in it.
    """

    name: str
    certificate_sha256: str
    until_us: int
    inner: Any


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority of RFC 3161: asking it sends a hash over the network, nothing else."""

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CaseKitError(
                "“{url}” is no address of a time-stamping authority: give one that begins with https://.",
                url=self.url,
            )


def where_for(profile: str) -> Where:
    """Where a dossier of that profile is signed: courts may refuse signature fields in what is filed."""
    return "inside" if profile in ("archive", "accessible") else "beside"


def open_key(path: Path, password: str) -> Signer:
    """Read a PKCS#12 file (`.p12`, `.pfx`): a private key, its certificate and those above it.

    Raises:
        CaseKitError: It is none, the password is wrong, something is missing from it, or its certificate is
            not valid today or not meant for signing.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12
    from pyhanko.sign.signers import SimpleSigner

    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_KEY else b""
    except OSError as error:
        raise CaseKitError(
            "The key file {name} cannot be read ({why}): choose another one.",
            name=path.name, why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    if data[:1] != b"\x30":
        raise CaseKitError(
            "{name} is no PKCS#12 file: export key and certificate together as .p12 or .pfx.",
            name=path.name,
        )
    secret = password.encode("utf-8") if password else None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, secret)
    except (ValueError, TypeError) as error:
        raise WrongPassword(
            "{name} could not be opened: the password is wrong, or the file is damaged.",
            name=path.name,
        ) from error
    if key is None or certificate is None:
        missing = "key" if key is None else "certificate"
        raise CaseKitError(
            "{name} holds no {missing} to sign with: export key and certificate together.",
            name=path.name, missing=missing,
        )  # fmt: skip
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        raise CaseKitError(
            "The certificate in {name} belongs to another key: export both together again.",
            name=path.name,
        )
    _check_certificate(certificate)
    inner = SimpleSigner.load_pkcs12_data(data, [], secret)
    own = inner.signing_cert
    until = clock.to_us(certificate.not_valid_after_utc)
    return Signer(own.subject.human_friendly, own.sha256.hex(), until, inner)


def read_roots(paths: Sequence[Path]) -> list[Any]:
    """Certificates of authorities, PEM (also several in a file) or DER.

    Raises:
        CaseKitError: A file holds none.
    """
    from pyhanko.keys import load_certs_from_pemder_data

    found: list[Any] = []
    for path in paths:
        try:
            held = list(load_certs_from_pemder_data(path.read_bytes()))
            for one in held:
                _ = one.subject.human_friendly
        except (OSError, ValueError, TypeError) as error:
            raise CaseKitError(
                "{name} holds no certificate: give one as PEM or DER.", name=path.name
            ) from error
        found += held
    return found


def sign_inside(
    pdf: Path, out: Path, signer: Signer, level: Level, authority: Authority | None = None,
    roots: Sequence[Any] = (),
) -> None:  # fmt: skip
    """Write `pdf` with an invisible PAdES signature (ETSI EN 319 142-1) to `out`.

    The signed file begins with every byte of the one that was issued; the signature comes after them.

    Args:
        pdf: The dossier.
        out: Where the signed one is written; what is there is replaced.
        signer: The key.
        level: `B` a signature, `T` with a time stamp, `LTA` with all that is needed to check it in years.
        authority: Asked for stamps at `T` and `LTA`.
        roots: For `LTA`: certificates that the signer's and the time authority's rest on.

    Raises:
        CaseKitError: The authority does not answer, or at `LTA` a certificate rests on none of the roots.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.general import SigningError
    from pyhanko_certvalidator.errors import PathError

    stamper = _stamper(level, authority)
    long_term: dict[str, Any] = {}
    if level == "LTA":
        long_term = {
            "embed_validation_info": True, "use_pades_lta": True,
            "validation_context": _fetching_context(signer, roots),
        }  # fmt: skip
        _log.info("revocation lists may be asked of those whom the certificates name")
    about = signers.PdfSignatureMetadata(
        field_name=_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES, signer_key_usage=set(), **long_term,
    )  # fmt: skip
    try:
        with pdf.open("rb") as source, out.open("w+b") as target:
            writer = IncrementalPdfFileWriter(source)
            signers.sign_pdf(writer, about, signer.inner, timestamper=stamper, output=target)
    except (SigningError, PathError, ValueError) as error:
        raise CaseKitError(
            "The dossier could not be signed: {why}. For a signature that lasts, give the root certificates "
            "of both authorities.",
            why=str(error).rstrip("."),
        ) from error


def sign_beside(
    pdf: Path, signer: Signer, level: Level, authority: Authority | None = None
) -> dict[str, bytes]:
    """A detached CMS signature (RFC 5652) of `pdf`, and at level `T` a time stamp of its bytes.

    Returns:
        `.p7s` (DER) and, with a stamp, `.tsr` (an RFC 3161 response, DER), for `openssl cms` and `openssl ts`.

    Raises:
        CaseKitError: The authority does not answer, or a level is asked for that exists only inside a PDF.
    """
    if level == "LTA":
        raise CaseKitError(
            "A signature beside the file cannot renew itself: choose level T, or issue the dossier to keep."
        )
    return _signed(pdf.read_bytes(), signer, _stamper(level, authority))


def sign_bytes(data: bytes, signer: Signer | None, authority: Authority | None) -> dict[str, bytes]:
    """The same of any bytes: `.p7s` with a key, `.tsr` with an authority, both with both.

    Raises:
        CaseKitError: The authority does not answer.
    """
    return _signed(data, signer, None if authority is None else _stamper("T", authority))


def _signed(data: bytes, signer: Signer | None, stamper: Any) -> dict[str, bytes]:
    async def make() -> dict[str, bytes]:
        made = {}
        if signer is not None:
            signature = await signer.inner.async_sign_general_data(
                data, "sha256", detached=True, timestamper=stamper
            )
            made[".p7s"] = bytes(signature.dump())
        if stamper is not None:
            await stamper.async_timestamp(hashlib.sha256(data).digest(), "sha256")
            made[".tsr"] = stamper.last
        return made

    return asyncio.run(make())


def check_certificate(der: bytes) -> dt.datetime:
    """Until when a certificate is valid.

    Raises:
        CaseKitError: It is not valid today, or not meant for signatures.
    """
    from cryptography import x509

    certificate = x509.load_der_x509_certificate(der)
    _check_certificate(certificate)
    return certificate.not_valid_after_utc


def _check_certificate(certificate: Any) -> None:
    from cryptography import x509

    now, name = clock.now(), certificate.subject.rfc4514_string()
    if now > certificate.not_valid_after_utc:
        raise CaseKitError(
            "The certificate of {name} expired on {date}: use one that is valid.",
            name=name, date=f"{certificate.not_valid_after_utc:%Y-%m-%d}",
        )  # fmt: skip
    if now < certificate.not_valid_before_utc:
        raise CaseKitError(
            "The certificate of {name} is valid only from {date}: use one that is valid today.",
            name=name, date=f"{certificate.not_valid_before_utc:%Y-%m-%d}",
        )  # fmt: skip
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise CaseKitError(
            "The certificate of {name} is not meant for signatures: use one that is.", name=name
        )


def _fetching_context(signer: Signer, roots: Sequence[Any]) -> Any:
    from pyhanko_certvalidator import ValidationContext

    own = [c for c in signer.inner.cert_registry if c.self_signed in ("yes", "maybe")]
    return ValidationContext(
        trust_roots=[*roots, *own], other_certs=list(signer.inner.cert_registry),
        allow_fetching=True, revocation_mode="hard-fail",
    )  # fmt: skip


def _stamper(level: Level, authority: Authority | None) -> Any:
    if level == "B":
        return None
    if authority is None:
        raise CaseKitError(
            "A time stamp needs a time-stamping authority: give its address, or choose level B."
        )
    _log.info("time stamps asked of %s", authority.url)
    return _stamper_class()(authority.url, timeout=SECONDS)


def _why(error: Exception) -> str:
    if "time_stamp_token" in str(
        error
    ):  # the library cannot read an answer that holds none (RFC 3161, 2.4.2)
        return "it refused"
    return str(error).partition("\n")[0] or type(error).__name__


def _stamper_class() -> Any:
    """A client that keeps the last response as received and refuses what is no stamp of the hash sent."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import HTTPTimeStamper

    class Stamper(HTTPTimeStamper):
        last = b""

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            response = await super().async_request_tsa_response(req)
            self.last = response.dump()
            return response

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                token = await super().async_timestamp(message_digest, md_algorithm)
                info = token["content"]["encap_content_info"]["content"].parsed
                stamped = info["message_imprint"]["hashed_message"].native
            except (
                OSError,
                ValueError,
                TypeError,
                KeyError,
                AttributeError,
                TimeoutError,
            ) as error:
                raise CaseKitError(
                    "The time-stamping authority {url} gave no stamp ({why}): nothing was signed; try again, "
                    "or choose another authority or level B.",
                    url=self.url, why=_why(error),
                ) from error  # fmt: skip
            if stamped != message_digest:
                raise CaseKitError(
                    "The time-stamping authority {url} stamped something else: nothing was signed.",
                    url=self.url,
                )
            return token

    return Stamper
