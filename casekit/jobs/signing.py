"""An issued dossier signed: the file or what lies beside it, its manifest and hashes, and the custody log.

What is signed gets its name last: a power cut before that leaves the dossier as it was issued, under a manifest
that is ahead of it, and signing again makes both right.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekit.confine import Worker
from casekit.dossier import manifest as manifests
from casekit.dossier import parting, signatures
from casekit.dossier import sign as signing
from casekit.dossier.sign import Authority, Level, Signer, Where
from casekit.errors import CaseKitError
from casekit.ops import signing as ops
from casekit.progress import Progress, Silent
from casekit.store.case import Case
from casekit.store.vault import sync_folder


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed.

    Attributes:
        path: The dossier, or the first of its parts.
        where: Whether the signature is in it or beside it.
        level: `B`, `T` or `LTA`.
        signer: The certificate's subject.
        certificate_sha256: In hex.
        before_sha256: Of the PDF as issued, in hex; of several as `parting.set_sha256` says.
        after_sha256: Of the PDF now.
        beside: The files written beside it.
    """

    path: Path
    where: Where
    level: Level
    signer: str
    certificate_sha256: str
    before_sha256: str
    after_sha256: str
    beside: tuple[Path, ...]


def sign_dossier(
    case: Case, pdf: Path, signer: Signer, level: Level, authority: Authority | None = None,
    roots: Sequence[Any] = (), progress: Progress | None = None,
) -> Signed:  # fmt: skip
    """Sign an issued dossier: inside if it is one to keep, beside if it is one to file.

    The signature is checked before anything is replaced; if anything fails, all files stay as they were.

    Args:
        case: The case that issued it.
        pdf: The dossier, with its manifest and list of hashes beside it; of one in parts any of them, and all
            are signed.
        signer: The key.
        level: `B`, `T` (asks the authority) or `LTA` (asks also for lists of what was revoked).
        authority: The time-stamping authority.
        roots: Certificates that the chains must rest on, for `LTA`.
        progress: Told the steps.

    Raises:
        CaseKitError: It is a draft, another case's, changed, or signed already; or it cannot be signed.
    """
    progress = progress or Silent()
    pdf = parting.whole_path(pdf)
    manifest, held = _issued(pdf)
    before = _sum({path: one.sha256 for path, one in held.items()})
    with case.read() as s:
        ops.issued_title(s, before)
    where = signing.where_for(manifest["dossier"].get("profile", "filing"))
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{pdf.stem[:40]}.", dir=pdf.parent))
    except OSError as error:
        raise CaseKitError(
            "The signature cannot be written to {folder} ({why}): choose a folder you may write to.",
            folder=str(pdf.parent), why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    try:
        about: dict[str, Any] = {
            "where": where, "level": level, "signer": signer.name,
            "certificate_sha256": signer.certificate_sha256,
        }  # fmt: skip
        made: dict[str, Path] = {}
        with Worker(preload=signatures.PRELOAD) as worker:
            for done, (path, one) in enumerate(held.items()):
                progress.step(done, len(held) + 1, "signing")
                source = one.as_issued(path, folder)
                made |= _make(
                    worker, source, folder, where, signer, level, authority, roots, one.sha256)  # fmt: skip
        _check_sizes(manifest, made)
        about |= _said_of(where, held, made)
        after = _sum({path: _sha256(made.get(path.name, path)) for path in held})
        progress.step(len(held), len(held) + 1, "writing it into the log")
        _describe(pdf, folder, made, after, about)
        _publish(case, pdf, folder, made, (before, after, about))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    written = tuple(pdf.with_name(name) for name in made if name.endswith((".p7s", ".tsr")))
    first = next(iter(held))
    return Signed(
        first, where, level, signer.name, signer.certificate_sha256, before, after, written
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """A file of a dossier: hash and size as issued; `signed` already, by a signing that was cut short."""

    sha256: str
    size: int
    signed: bool

    def as_issued(self, path: Path, folder: Path) -> Path:
        """A file with the bytes that were issued: one signed inside begins with them."""
        if not self.signed:
            return path
        again = folder / "issued"
        again.mkdir(exist_ok=True)
        with path.open("rb") as f:
            (again / path.name).write_bytes(f.read(self.size))
        return again / path.name


def _sum(held: Mapping[Path, str]) -> str:
    """The hash of a dossier from those of its files."""
    if len(held) == 1:
        return next(iter(held.values()))
    return parting.set_sha256((path.name, sha256) for path, sha256 in held.items())


def _said_of(where: Where, held: Mapping[Path, _Held], made: Mapping[str, Path]) -> dict[str, Any]:
    """What the manifest says of the files signed: of those signed inside, the bytes that they begin with."""
    if where == "beside":
        return {"files": [{"name": name, "sha256": _sha256(path)} for name, path in made.items()]}
    told = [
        {"name": path.name, "sha256": one.sha256, "size": one.size} for path, one in held.items()
    ]
    if len(told) > 1:
        return {"issued_parts": told}
    return {"issued": {key: told[0][key] for key in ("sha256", "size")}}


def _check_sizes(manifest: Mapping[str, Any], made: Mapping[str, Path]) -> None:
    """Refuse to sign a part beyond the size that a court takes: a signature inside makes it longer."""
    limit = manifest.get("limit", 0)
    for name, path in made.items():
        if limit and path.stat().st_size > limit:
            raise CaseKitError(
                "{name} would be {size} bytes with its signature, and a file may have {limit}: nothing was "
                "signed; issue the dossier with a smaller limit and sign that.",
                name=name, size=f"{path.stat().st_size:,}", limit=f"{limit:,}",
            )  # fmt: skip


def _issued(pdf: Path) -> tuple[dict[str, Any], dict[Path, _Held]]:
    """Manifest and files of a dossier that is issued, unchanged and not yet signed.

    A manifest that names a signature which is not there is of a signing that was cut short: what is signed
    first gets its name last.
    """
    manifest_path, sums_path, program = manifests.beside(pdf)
    try:
        manifest = json.loads(manifest_path.read_bytes())
        draft = manifest["dossier"]["draft"]
        told = {
            pdf.with_name(Path(one["name"]).name): one["sha256"]
            for one in manifest.get("parts") or [{**manifest["dossier"], "name": pdf.name}]
        }
        named = manifest.get("signature") or {}
        before = (
            named.get("issued_parts") or [named["issued"]] if "inside" in named.values() else []
        )
        issued = dict(zip(told, before, strict=True)) if before else {}
        held = {path: _held(path, told[path], issued.get(path)) for path in told}
        there = sums_path.is_file() and program.is_file()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseKitError(
            "{name} cannot be signed: the dossier and all that was written with it must lie in one folder.",
            name=pdf.name,
        ) from error
    if not there:
        raise CaseKitError(
            "{name} cannot be signed: its list of hashes and its checking program must lie beside it.",
            name=pdf.name,
        )
    if draft:
        raise CaseKitError(
            "{name} is a draft: issue the dossier, then sign what was issued.", name=pdf.name
        )
    first, own = next(iter(held.items()))
    if signatures.beside(first)[0].exists() or (own is not None and own.signed):
        raise CaseKitError(
            "{name} is signed already: issue it again to have another signature.", name=pdf.name
        )
    sound = {path: one for path, one in held.items() if one is not None}
    if len(sound) < len(held):
        raise CaseKitError(
            "{name} is not as it was issued: get the file that was issued and sign that.",
            name=pdf.name,
        )
    return manifest, sound


def _held(path: Path, told: str, before: Mapping[str, Any] | None) -> _Held | None:
    """One file against what the manifest says of it; None if it is not as it was issued."""
    own = _sha256(path)
    issued, size = (before["sha256"], before["size"]) if before else (told, path.stat().st_size)
    if own == issued:
        return _Held(issued, path.stat().st_size, False)
    return _Held(issued, int(size), True) if own == told else None


def _make(
    worker: Worker, pdf: Path, folder: Path, where: Where, signer: Signer, level: Level,
    authority: Authority | None, roots: Sequence[Any], before: str,
) -> dict[str, Path]:  # fmt: skip
    """Sign one file into `folder` and check what was made."""
    copy = folder / pdf.name
    if where == "inside":
        signing.sign_inside(pdf, copy, signer, level, authority, roots)
        check = signatures.check_inside
        made = {pdf.name: copy}
    else:
        made = {}
        for ending, data in signing.sign_beside(pdf, signer, level, authority).items():
            made[pdf.name + ending] = folder / (pdf.name + ending)
            made[pdf.name + ending].write_bytes(data)
        shutil.copyfile(pdf, copy)
        check = signatures.check_beside
    found = check(worker, copy)
    if len(found) != 1 or not found[0].ok or _sha256(pdf) != before:
        raise CaseKitError(
            "The signature made does not hold ({why}): nothing was changed; try again.",
            why=found[0].why if found else "it is not there",
        )
    return made


def _describe(
    pdf: Path, folder: Path, made: dict[str, Path], after: str, about: Mapping[str, Any]
) -> None:
    """Manifest and list of hashes that are true of what was made."""
    manifest_path, sums_path, _ = manifests.beside(pdf)
    described = folder / manifest_path.name
    own = {name: _sha256(path) for name, path in made.items()}
    described.write_bytes(manifests.signed_manifest(manifest_path.read_bytes(), after, about, own))
    made[described.name] = described
    listed = folder / sums_path.name
    hashes = {name: _sha256(path) for name, path in made.items()}
    listed.write_bytes(manifests.signed_sums(sums_path.read_bytes(), hashes))
    made[listed.name] = listed


def _publish(
    case: Case, pdf: Path, folder: Path, made: Mapping[str, Path],
    told: tuple[str, str, Mapping[str, Any]],
) -> None:  # fmt: skip
    """Give the files their names and record the act; every file is as before if either fails.

    `made` holds what is signed first; it gets its name last.
    """
    kept = folder / "before"
    kept.mkdir()
    for name in made:
        if (old := pdf.with_name(name)).exists():
            shutil.copy2(old, kept / name)
        with made[name].open("r+b") as f:
            os.fsync(f.fileno())
    try:
        with case.write() as s:
            for name in reversed(list(made)):
                made[name].replace(pdf.with_name(name))
            sync_folder(pdf.parent)
            ops.record_signature(s, *told)
    except BaseException:
        for name in made:
            if (kept / name).exists():
                (kept / name).replace(pdf.with_name(name))
            else:
                pdf.with_name(name).unlink(missing_ok=True)
        raise


def _sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
