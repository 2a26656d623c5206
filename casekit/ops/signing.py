"""The act of signing an issued dossier, in the custody log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.store.tables import production


def issued_title(s: Connection, pdf_sha256: str) -> str:
    """The title of the issued dossier with that hash.

    Raises:
        CaseKitError: The case issued no such file.
    """
    query = select(production.c.title).where(production.c.pdf_sha256 == bytes.fromhex(pdf_sha256))
    title = s.execute(query).scalar()
    if title is None:
        raise CaseKitError(
            "This file is not as this case issued it: sign the one that was issued, or issue it again."
        )
    return str(title)


def record_signature(
    s: Connection, before_sha256: str, after_sha256: str, about: Mapping[str, Any]
) -> Changes:
    """Write into the log who signed which issued dossier; it cannot be undone.

    Args:
        s: A writing session.
        before_sha256: Of the PDF as issued, in hex.
        after_sha256: Of the PDF as it is now: the same where the signature lies beside it.
        about: The key `signature` of the manifest.

    Raises:
        CaseKitError: The case issued no such file.
    """
    title = issued_title(s, before_sha256)
    act = Act(
        s,
        "dossier.sign",
        f"Dossier “{title}” signed by {about['signer']}",
        act_class="custody",
        args={"level": about["level"], "where": about["where"]},
    )
    extra = {"before_sha256": before_sha256, "after_sha256": after_sha256, "signature": dict(about)}
    return act.record({"exhibits"}, extra=extra, undoable=False)
