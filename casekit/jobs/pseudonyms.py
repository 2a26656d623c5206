"""The key of a matter's pseudonyms: written as a sealed file of its own, and its leaving recorded."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from casekit import clock
from casekit.dossier import sealing
from casekit.dossier.pseudonyms import label, wording_of
from casekit.errors import CaseKitError
from casekit.ops import pseudonyms as ops
from casekit.queries.pseudonyms import pseudonyms
from casekit.store import canonical
from casekit.store.case import Case

WHAT = "CaseKit: key of the pseudonyms of a matter, filed under seal"


@dataclass(frozen=True, slots=True)
class Key:
    """A sealed key on disk; `sha256` is of the file, 64 hex digits, `count` how many pseudonyms it tells."""

    path: Path
    sha256: str
    count: int


def write_key(case: Case, out: Path, passphrase: str) -> Key:
    """Write the key of all pseudonyms ever given, sealed with a passphrase, and record that in the custody log.

    Raises:
        CaseKitError: There are none, the file is there already or cannot be written, or the passphrase is
            too short.
    """
    if out.exists():
        raise CaseKitError("{name} is already there: choose another name.", name=out.name)
    put = False
    try:
        with case.write() as s:  # what is recorded is what is written: nothing changes between them
            sealed, count = _sealed(s, passphrase)
            sha256 = hashlib.sha256(sealed).hexdigest()
            ops.record_key(s, sha256, count)
            _put(out, sealed)
            put = True
    except BaseException:
        if put:
            out.unlink(missing_ok=True)
        raise
    return Key(out, sha256, count)


def _sealed(s: Connection, passphrase: str) -> tuple[bytes, int]:
    words, rows = wording_of(s), pseudonyms(s)
    if not rows:
        raise CaseKitError("No pseudonym has been given in this case: there is no key yet.")
    text = canonical.encode({
        "v": 1, "case": s.info["case_uuid"], "at": clock.iso(clock.now_us()), "pseudonyms": [
            {
                "pseudonym": label(row.kind, row.id, words), "number": row.id, "kind": row.kind,
                "values": list(row.values), "in_use": row.in_use, "given_by": row.by,
                "given_at": clock.iso(row.at_us),
            }
            for row in rows
        ],
    })  # fmt: skip
    return sealing.seal(text + b"\n", passphrase, WHAT), len(rows)


def read_key(file: Path, passphrase: str) -> str:
    """The text of a sealed key, JSON.

    Raises:
        CaseKitError: It cannot be read, is none, or the passphrase is another one.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CaseKitError(
            "{name} cannot be read: {why}", name=file.name, why=error.strerror
        ) from error
    return sealing.unseal(data, passphrase, file.name).decode()


def _put(out: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    building = out.with_name(f".{out.name}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(
            os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        building.rename(out)
    except OSError as error:
        building.unlink(missing_ok=True)
        raise CaseKitError(
            "{name} cannot be written ({why}): choose another folder.", name=out.name, why=error.strerror
        ) from error  # fmt: skip
