"""Checkpoints: states of the custody log that were signed or time-stamped."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.store.tables import checkpoint


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A state of the log up to entry `seq`, as a statement that was signed.

    Attributes:
        root: RFC 6962 tree head over the entries up to `seq`, 32 bytes.
        statement: The exact bytes that were signed: canonical JSON.
        signature: Detached CMS (RFC 5652, DER), or empty.
        stamp: An RFC 3161 response (DER), or empty.
        signer: The certificate's subject, or empty.
        authority: Address of the time-stamping authority, or empty.
    """

    id: int
    seq: int
    root: bytes
    statement: bytes
    signature: bytes
    stamp: bytes
    signer: str
    certificate_sha256: str
    authority: str
    at_us: int


def checkpoints(s: Connection) -> list[CheckpointRow]:
    """All of them, in order."""
    return [
        CheckpointRow(
            r.id, r.seq, r.root, r.statement, r.signature or b"", r.stamp or b"", r.signer or "",
            r.certificate_sha256 or "", r.authority or "", r.at_us,
        )
        for r in s.execute(select(checkpoint).order_by(checkpoint.c.id))
    ]  # fmt: skip
