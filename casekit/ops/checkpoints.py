"""The act of keeping a signed state of the custody log in the case."""

from __future__ import annotations

from sqlalchemy import Connection

from casekit import clock
from casekit.ops.journal import Act, Changes
from casekit.store.tables import checkpoint


def keep_checkpoint(
    s: Connection, seq: int, root: bytes, statement: bytes, *, signature: bytes = b"", stamp: bytes = b"",
    signer: str = "", certificate_sha256: str = "", authority: str = "",
) -> Changes:  # fmt: skip
    """Keep what was signed of the log up to entry `seq`; it cannot be undone.

    Args:
        s: A writing session.
        seq: The last entry that it vouches for.
        root: RFC 6962 tree head up to it, 32 bytes.
        statement: The exact bytes that were signed.
        signature: Detached CMS, DER; empty if it is only stamped.
        stamp: RFC 3161 response, DER; empty if it is only signed.
        signer: The certificate's subject.
        certificate_sha256: In hex.
        authority: Address of the time-stamping authority.
    """
    by = signer or authority
    act = Act(s, "checkpoint.keep", f"Custody log up to entry {seq} signed by {by}",
              act_class="custody", args={"seq": seq, "root": root.hex()})  # fmt: skip
    act.insert(checkpoint, {
        "seq": seq, "root": root, "statement": statement, "signature": signature or None,
        "stamp": stamp or None, "signer": signer or None, "certificate_sha256": certificate_sha256 or None,
        "authority": authority or None, "at_us": clock.now_us(),
    })  # fmt: skip
    return act.record({"matter"}, undoable=False)
