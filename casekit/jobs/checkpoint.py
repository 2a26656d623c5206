"""The state of the custody log signed and time-stamped, kept in the case and outside it, and checked.

A chain of hashes stops nobody who can write the whole case folder: they could make another log that is as
consistent. A signature of its RFC 6962 tree head, or an authority's time stamp, cannot be made again for
another log, and a copy outside the case shows if one was taken out of it.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from casekit import clock
from casekit.confine import Worker
from casekit.dossier import sign as signing
from casekit.dossier import signatures
from casekit.dossier.sign import Authority, Signer
from casekit.dossier.signatures import Signature, Stamp
from casekit.errors import CaseKitError
from casekit.ops.checkpoints import keep_checkpoint
from casekit.progress import Progress, Silent
from casekit.queries.checkpoints import CheckpointRow, checkpoints
from casekit.store import canonical, custody
from casekit.store.case import Case

WHAT = "RFC 6962 tree head of the custody log of a CaseKit case, over its entries 1 to seq"
_MOST = 1_000_000  # bytes of a statement or signature outside the case


@dataclass(frozen=True, slots=True)
class Made:
    """A checkpoint made: the last entry it vouches for, the root in hex, who vouches, the files outside."""

    seq: int
    root: str
    signer: str
    authority: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found of a checkpoint: who vouches for what, and what is wrong, if anything is."""

    seq: int
    told: str
    why: str = ""


def make(
    case: Case, signer: Signer | None, authority: Authority | None, out: Path | None = None,
    progress: Progress | None = None,
) -> Made:  # fmt: skip
    """Sign or time-stamp the log as it is now, check that, keep it in the case and write it to a folder.

    Args:
        case: An open case.
        signer: The key, or None if it is only stamped.
        authority: The time-stamping authority, or None if it is only signed.
        out: A folder outside the case for the statement, its signature and its stamp.
        progress: Told the steps.

    Raises:
        CaseKitError: Neither key nor authority is given, the authority does not answer, or the folder cannot be
            written to. Nothing is kept then.
    """
    progress = progress or Silent()
    if signer is None and authority is None:
        raise CaseKitError("A checkpoint needs a key to sign with, or a time-stamping authority.")
    if out is not None and not out.is_dir():
        raise CaseKitError("The folder {name} is not there: choose another one.", name=out)
    progress.step(0, 3, "reading the custody log")
    with case.read() as s:
        seq, root = custody.head(s), custody.tree_root(s)
        number = json.loads(next(custody.leaves(s, seq - 1, seq)).leaf)["case"] if seq else ""
    if not seq:
        raise CaseKitError("The custody log of this case is empty: there is nothing to sign.")
    statement = state(number, seq, root)
    progress.step(1, 3, "signing")
    made = signing.sign_bytes(statement, signer, authority)
    with checking() as worker:
        found = _look(worker, statement, made.get(".p7s", b""), made.get(".tsr", b""), ())
    if wrong := _wrong(*found):
        raise CaseKitError("The checkpoint made does not hold ({why}): try again.", why=wrong)
    progress.step(2, 3, "writing it into the log")
    files = _written(out, seq, {".json": statement, **made})
    try:
        with case.write() as s:
            keep_checkpoint(
                s, seq, root, statement, signature=made.get(".p7s", b""), stamp=made.get(".tsr", b""),
                signer=signer.name if signer else "",
                certificate_sha256=signer.certificate_sha256 if signer else "",
                authority=authority.url if authority else "",
            )  # fmt: skip
    except BaseException:
        for path in files:
            path.unlink(missing_ok=True)
        raise
    return Made(
        seq, root.hex(), signer.name if signer else "", authority.url if authority else "", files
    )


def state(case_uuid: str, seq: int, root: bytes) -> bytes:
    """The statement that is signed: canonical JSON with a line's end."""
    content = {
        "v": 1, "what": WHAT, "case": case_uuid, "seq": seq, "root": root.hex(),
        "at": clock.iso(clock.now_us()),
    }  # fmt: skip
    return canonical.encode(content) + b"\n"


@contextlib.contextmanager
def checking() -> Iterator[Worker]:
    """A confined process that reads signatures, which may be anybody's."""
    with Worker(preload=signatures.PRELOAD) as worker:
        yield worker


def check_all(s: Connection, roots: Sequence[Any] = ()) -> list[Checked]:
    """Check every checkpoint of a case against its log as it is; the log itself is checked elsewhere."""
    rows = checkpoints(s)
    if not rows:
        return []
    hashes = [leaf.hash for leaf in custody.leaves(s)]
    with checking() as worker:
        return [_checked(row, hashes, _case_of(s), worker, roots) for row in rows]


def check_outside(s: Connection, statement: Path, roots: Sequence[Any] = ()) -> Checked:
    """Check a checkpoint that was kept outside against the log of a case.

    Raises:
        CaseKitError: The file is no such statement.
    """
    try:
        with statement.open("rb") as file:
            untrusted = file.read(_MOST)
        told = json.loads(untrusted)
        seq, root = int(told["seq"]), bytes.fromhex(told["root"])
    except (
        OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError,
    ) as error:  # fmt: skip
        raise CaseKitError(
            "{name} is no checkpoint: give the file checkpoint-….json that was written with it.",
            name=statement.name,
        ) from error
    beside = [statement.with_suffix(ending) for ending in (".p7s", ".tsr")]
    signature, stamp = (p.read_bytes()[:_MOST] if p.is_file() else b"" for p in beside)
    row = CheckpointRow(0, seq, root, untrusted, signature, stamp, "", "", "", 0)
    hashes = [leaf.hash for leaf in custody.leaves(s)]
    with checking() as worker:
        return _checked(row, hashes, _case_of(s), worker, roots)


def _case_of(s: Connection) -> str:
    first = next(custody.leaves(s, 0, 1), None)
    return str(first.content["case"]) if first is not None else ""


def _checked(
    row: CheckpointRow, hashes: Sequence[bytes], case_uuid: str, worker: Worker, roots: Sequence[Any]
) -> Checked:  # fmt: skip
    signature, stamp = _look(worker, row.statement, row.signature, row.stamp, roots)
    told = _told(row.seq, signature, stamp)
    try:
        content = json.loads(row.statement)
        said = (content["case"], content["seq"], content["root"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Checked(row.seq, told, "What was signed cannot be read.")
    if said[0] != case_uuid:
        return Checked(row.seq, told, "It is of another case.")
    if said[1:] != (row.seq, row.root.hex()):
        return Checked(row.seq, told, "What was signed is not what the case says of it.")
    if not 0 < row.seq <= len(hashes):
        return Checked(
            row.seq, told, "The log ends before the entry that was signed: entries are missing."
        )
    if canonical.root(hashes[: row.seq]) != row.root:
        return Checked(
            row.seq, told, "The log is not the one that was signed: an entry was changed since."
        )
    return Checked(row.seq, told, _wrong(signature, stamp))


def _look(
    worker: Worker, statement: bytes, signature: bytes, stamp: bytes, roots: Sequence[Any]
) -> tuple[Signature | None, Stamp | None]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "statement"
        file.write_bytes(statement)
        return signatures.check_statement(worker, file, signature, stamp, roots)


def _wrong(signature: Signature | None, stamp: Stamp | None) -> str:
    if signature is None and stamp is None:
        return "It bears neither a signature nor a time stamp."
    if signature is not None and not signature.ok:
        return signature.why or "Its signature or the stamp in it does not hold."
    if stamp is not None and not (stamp.intact and stamp.trusted is not False):
        return "Its time stamp is not of this state, or does not rest on a root that was given."
    return ""


def _told(seq: int, signature: Signature | None, stamp: Stamp | None) -> str:
    parts = [f"Custody log up to entry {seq}"]
    if signature is not None:
        parts.append(f"signed by {signature.signer or 'nobody who can be named'}")
    if stamp is not None:
        parts.append(f"time-stamped {stamp.at:%Y-%m-%d %H:%M:%S} UTC by {stamp.by}")
    return ", ".join(parts) + "."


def _written(out: Path | None, seq: int, parts: dict[str, bytes]) -> tuple[Path, ...]:
    """Write the parts under names that are not taken: all of them, or none."""
    if out is None:
        return ()
    paths = {ending: out / f"checkpoint-{seq:06}{ending}" for ending in parts}
    for path in paths.values():
        if path.exists():
            raise CaseKitError("{name} is already there: choose another folder.", name=path.name)
    done: list[Path] = []
    try:
        for ending, path in paths.items():
            done.append(path)
            path.write_bytes(parts[ending])
    except OSError as error:
        for path in done:
            path.unlink(missing_ok=True)
        raise CaseKitError(
            "The checkpoint cannot be written to {folder} ({why}): choose a folder you may write to.",
            folder=str(out), why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    return tuple(paths.values())
