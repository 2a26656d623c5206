"""Signatures checked: whether one is whole, who made it, whether it rests on a root given, and its time.

Nothing is fetched: what the check needs is in the files, or given. The files may be anybody's, with a manifest
to match, so they are read in the worker.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from casekit import clock
from casekit.confine import Worker, WorkerFailed, WorkerFault, WorkerNotStarted
from casekit.dossier.sign import Where

PRELOAD = ("casekit.dossier.signatures", "pyhanko.sign.validation", "pyhanko_certvalidator")
"""What a worker that checks signatures should load at its start."""

Data = Any  # bytes, or a mapped file

_END = re.compile(rb"\s*(endobj\s+)?startxref\s+\d+\s+%%EOF\n?")  # behind a cross-reference stream
MOST_BESIDE = 10_000_000  # bytes of a signature or stamp beside a file
_QUIET_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp.

    Attributes:
        at: When the authority saw the hash.
        by: The authority's certificate, as people read it.
        intact: Whether it is one of these very bytes.
        trusted: Whether its certificate rests on a root given; None if none was given.
    """

    at: dt.datetime
    by: str
    intact: bool
    trusted: bool | None


@dataclass(frozen=True, slots=True)
class Signature:
    """What a check found.

    Attributes:
        where: In the PDF or beside it.
        signer: The certificate's subject, as people read it; empty where it cannot be read.
        certificate_sha256: In hex.
        intact: Whether these very bytes were signed, and nothing was added since.
        trusted: Whether the certificate rests on a root given; None if none was given.
        signed_at: As the signer's own clock says.
        stamps: The time stamps, the signature's first.
        why: What is wrong, as a sentence; empty if nothing is.
    """

    where: Where
    signer: str
    certificate_sha256: str
    intact: bool
    trusted: bool | None
    signed_at: dt.datetime | None = None
    stamps: tuple[Stamp, ...] = ()
    why: str = ""

    @property
    def ok(self) -> bool:
        """Whether signature and stamps are whole, and trusted as far as roots were given."""
        return (
            self.intact
            and self.trusted is not False
            and all(s.intact and s.trusted is not False for s in self.stamps)
        )


def beside(pdf: Path) -> tuple[Path, Path]:
    """The paths of a detached signature and of its time stamp."""
    return pdf.with_name(f"{pdf.name}.p7s"), pdf.with_name(f"{pdf.name}.tsr")


class _Given(msgspec.Struct, frozen=True, array_like=True):
    """What a check needs besides the dossier: roots (DER), the time now, and what lies beside it."""

    roots: tuple[bytes, ...]
    now: dt.datetime
    signature: bytes = b""
    stamp: bytes = b""


def check_inside(worker: Worker, pdf: Path, roots: Sequence[Any] = ()) -> list[Signature]:
    """Every signature in a PDF, in order; none if it is not signed.

    A file that cannot be read as a PDF gives one signature that is not whole.
    """
    try:
        return _asked(worker, "read_inside", pdf, _given(roots))
    except (WorkerFault, WorkerNotStarted, OSError) as error:
        why = f"The signature cannot be read ({_kind(error)}): do not rely on the file."
        return [Signature("inside", "", "", False, None, why=why)]


def check_beside(worker: Worker, pdf: Path, roots: Sequence[Any] = ()) -> list[Signature]:
    """The signature beside a file, with its time stamp; none if there is no such file."""
    signature, stamp = beside(pdf)
    if not signature.exists():
        return []
    try:
        given = _given(roots, _read(signature), _read(stamp) if stamp.exists() else b"")
        return _asked(worker, "read_beside", pdf, given)
    except (WorkerFault, WorkerNotStarted, OSError) as error:
        why = f"The signature beside the file cannot be read ({_kind(error)}): do not rely on it."
        return [Signature("beside", "", "", False, None, why=why)]


def check_statement(
    worker: Worker, file: Path, signature: bytes, stamp: bytes, roots: Sequence[Any] = ()
) -> tuple[Signature | None, Stamp | None]:
    """The detached signature of a file and the time stamp of it, either of which may be missing (empty)."""
    found = told = None
    try:
        if signature:
            (found,) = _asked(worker, "read_beside", file, _given(roots, signature, stamp))
        elif stamp:
            argument = msgspec.msgpack.encode(_given(roots, b"", stamp))
            with file.open("rb") as f:
                frame = worker.call(
                    "casekit.dossier.signatures:read_stamp",
                    f.fileno(),
                    argument,
                    quiet_seconds=_QUIET_SECONDS,
                )
            told = msgspec.msgpack.decode(frame, type=Stamp)
    except (WorkerFault, WorkerNotStarted, OSError, msgspec.DecodeError) as error:
        why = f"It cannot be read ({_kind(error)})."
        return Signature("beside", "", "", False, None, why=why), None
    if found is not None and stamp and found.stamps:
        told = found.stamps[-1]
    return found, told


def read_stamp(untrusted_data: Data, argument: bytes) -> bytes:
    """What runs in the worker: MessagePack of the time stamp of a file."""
    given = msgspec.msgpack.decode(argument, type=_Given)
    return msgspec.msgpack.encode(_stamp_beside(untrusted_data[:], given, _roots(given)))


def read_inside(untrusted_data: Data, argument: bytes) -> bytes:
    """What runs in the worker: MessagePack of the signatures in a PDF."""
    given = msgspec.msgpack.decode(argument, type=_Given)
    return msgspec.msgpack.encode(_inside(io.BytesIO(untrusted_data[:]), given))


def read_beside(untrusted_data: Data, argument: bytes) -> bytes:
    """What runs in the worker: MessagePack of the signature beside a file."""
    given = msgspec.msgpack.decode(argument, type=_Given)
    return msgspec.msgpack.encode([_beside(untrusted_data[:], given)])


def _given(roots: Sequence[Any], signature: bytes = b"", stamp: bytes = b"") -> _Given:
    return _Given(tuple(root.dump() for root in roots), clock.now(), signature, stamp)


def _asked(worker: Worker, function: str, pdf: Path, given: _Given) -> list[Signature]:
    name, argument = f"casekit.dossier.signatures:{function}", msgspec.msgpack.encode(given)
    with pdf.open("rb") as f:
        frame = worker.call(name, f.fileno(), argument, quiet_seconds=_QUIET_SECONDS)
    try:
        return msgspec.msgpack.decode(frame, type=list[Signature])
    except msgspec.DecodeError as error:
        raise WorkerFailed(type(error).__name__) from error


def _kind(error: Exception) -> str:
    return error.kind if isinstance(error, WorkerFailed) else type(error).__name__


def _roots(given: _Given) -> list[Any]:
    from asn1crypto import x509

    return [x509.Certificate.load(root) for root in given.roots]


def _now(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of what never waits: a loop of events needs sockets, which a worker cannot have."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError("a check waits for something")


def _inside(f: io.BytesIO, given: _Given) -> list[Signature]:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    roots = _roots(given)
    reader = PdfFileReader(f)
    signed = reader.embedded_regular_signatures
    try:
        kept: Any = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        kept = None
    later = []
    for one in reader.embedded_timestamp_signatures:
        held = one.signed_data
        context = _context(roots, held, _time_in(held), kept)
        later.append(_stamp(_now(async_validate_pdf_timestamp(one, context)), roots))
    ends = _ends_as_written(reader, f)
    found = []
    for one in signed:
        first = _first_stamp(one.signer_info)
        context = _context(roots, one.signed_data, first or given.now, kept)
        status = _now(async_validate_pdf_signature(one, context, key_usage_settings=_usage()))
        found.append(
            _signature(
                "inside", status, roots, tuple(later), changed=not (status.docmdp_ok and ends)
            )
        )
    return found


def _ends_as_written(reader: Any, f: Any) -> bool:
    """Whether nothing follows the last revision: what a revision adds is judged by the library, but not that.

    A signature that lasts is followed by one more revision, with what is needed to check its last stamp.
    """
    last = reader.xrefs.get_xref_container_info(reader.xrefs.total_revisions - 1)
    f.seek(last.end_location)
    return bool(_END.fullmatch(f.read()))


def _beside(data: bytes, given: _Given) -> Signature:
    from asn1crypto import cms
    from pyhanko.sign.validation.generic_cms import async_validate_detached_cms

    roots = _roots(given)
    held = cms.ContentInfo.load(given.signature, strict=True)["content"]
    stamps: tuple[Stamp, ...] = ()
    if given.stamp:
        stamps = (_stamp_beside(data, given, roots),)
    (info,) = held["signer_infos"]
    context = _context(roots, held, _first_stamp(info) or given.now)
    status = _now(async_validate_detached_cms(data, held, context, key_usage_settings=_usage()))
    return _signature("beside", status, roots, stamps)


def _stamp_beside(data: bytes, given: _Given, roots: Sequence[Any]) -> Stamp:
    from asn1crypto import tsp
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus

    token = tsp.TimeStampResp.load(given.stamp, strict=True)["time_stamp_token"]["content"]
    told = _now(
        validate_tst_signed_data(
            token,
            _context(roots, token, _time_in(token)),
            lambda algorithm: hashlib.new(algorithm, data).digest(),
        )
    )
    return _stamp(TimestampSignatureStatus(**told), roots)


def _signature(
    where: Where, status: Any, roots: Sequence[Any], stamps: tuple[Stamp, ...], *, changed: bool = False
) -> Signature:  # fmt: skip
    own = status.timestamp_validity
    certificate = status.signing_cert
    whole = bool(status.intact and status.valid) and not changed
    trusted = bool(status.trusted) if roots else None
    why = ""
    if not status.intact or not status.valid:
        why = "What was signed is not what lies here."
    elif changed:
        why = "Something was added to the file after it was signed."
    elif trusted is False:
        why = "The signer’s certificate does not rest on a root that was given, or was not valid then."
    return Signature(
        where, certificate.subject.human_friendly, certificate.sha256.hex(), whole, trusted,
        status.signer_reported_dt, ((_stamp(own, roots),) if own else ()) + stamps, why,
    )  # fmt: skip


def _stamp(status: Any, roots: Sequence[Any]) -> Stamp:
    whole = bool(status.intact and status.valid)
    by = status.signing_cert.subject.human_friendly
    return Stamp(status.timestamp, by, whole, bool(status.trusted) if roots else None)


def _context(roots: Sequence[Any], held: Any, moment: dt.datetime, kept: Any = None) -> Any:
    """What certificates are checked against, as of the time that the stamp proves."""
    from pyhanko_certvalidator import ValidationContext

    given: dict[str, Any] = {
        "trust_roots": list(roots), "moment": moment, "retroactive_revinfo": True,
        "revocation_mode": "soft-fail",
    }  # fmt: skip
    if kept is not None:
        return kept.as_validation_context(given)
    return ValidationContext(**given, other_certs=[c.chosen for c in held["certificates"]])


def _first_stamp(info: Any) -> dt.datetime | None:
    """The time in the signature's own stamp, unchecked: the check itself tells whether it holds."""
    for attribute in info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            return _time_in(attribute["values"][0]["content"])
    return None


def _time_in(token: Any) -> dt.datetime:
    moment: dt.datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _usage() -> Any:
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    return KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )


def _read(path: Path) -> bytes:
    with path.open("rb") as f:
        return f.read(MOST_BESIDE)
