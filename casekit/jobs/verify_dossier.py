"""Checks a dossier against the manifest beside it, and its signature, with nothing but these files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casekit.confine import Worker
from casekit.dossier import parting, signatures
from casekit.dossier.manifest import beside
from casekit.dossier.sign import read_roots
from casekit.dossier.signatures import Signature, Stamp
from casekit.errors import CaseKitError
from casekit.jobs.verify import Damage, VerifyReport


def verify_dossier(pdf: Path, roots: Sequence[Path] = ()) -> VerifyReport:
    """Compare a dossier's bytes with its manifest and its list of hashes, and check its signatures.

    Args:
        pdf: The dossier; of one in parts any of them, and all are checked.
        roots: Certificates that signer and time stamps must rest on; without any, whether a signature is
            whole is told, but not whether its maker is who the certificate says.

    Raises:
        CaseKitError: There is no such dossier, no readable manifest beside it, or no certificate in a root.
    """
    trusted = read_roots(roots)
    pdf = parting.whole_path(pdf)
    manifest_path, sums_path, _ = beside(pdf)
    try:
        manifest = manifest_path.read_bytes()
        told = json.loads(manifest)
        parts, named = told.get("parts") or (), told.get("signature")
        wanted = _named(pdf, parts) or {pdf: told["dossier"]["sha256"]}
        natives = _named(pdf, told.get("natives_beside", ()))
        whole = told["dossier"]["sha256"]
        found = {path: _sha256(path) for path in wanted if path.exists() or len(wanted) == 1}
        found |= {path: _sha256(path) for path in natives if path.exists()}
        files = {f["name"]: f["sha256"] for f in (named or {}).get("files", ())}
    except OSError as error:
        raise CaseKitError(
            "{name} cannot be verified: the dossier and its manifest must lie in one folder and be readable.",
            name=pdf.name,
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CaseKitError(
            "{name} is no manifest of a dossier: get the one that was written with it.",
            name=manifest_path.name,
        ) from error
    report = VerifyReport(checked={"files": len(found) + 1})
    _other_copy(pdf, told, report)
    for path, sha256 in {**wanted, **natives}.items():
        if path not in found:
            report.damaged.append(Damage(path.name, "It is not there, and its manifest names it."))
        elif found[path] != sha256:
            why = "Its bytes are not those that its manifest names."
            report.damaged.append(Damage(path.name, why))
    if parts and parting.set_sha256((p.name, h) for p, h in wanted.items()) != whole:
        why = "The hashes of the parts are not those that make up the dossier’s."
        report.damaged.append(Damage(manifest_path.name, why))
    listed = _listed(sums_path)
    if not listed:
        why = "It is not there, or is no list of hashes: get the one that was written with the dossier."
        report.damaged.append(Damage(sums_path.name, why))
    for name, own in (
        *((path.name, sha256) for path, sha256 in found.items()),
        (manifest_path.name, hashlib.sha256(manifest).hexdigest()),
    ):
        if listed and listed.get(name) != own:
            why = f"Its bytes are not those that {sums_path.name} names."
            report.damaged.append(Damage(name, why))
    with Worker(preload=signatures.PRELOAD) as worker:
        for path in found.keys() - natives.keys():
            _signatures(worker, path, named, files, trusted, report)
    return report


def _named(pdf: Path, files: Sequence[Mapping[str, Any]]) -> dict[Path, str]:
    """The hash of each file of a manifest, by where it lies beside the dossier."""
    return {pdf.with_name(Path(one["name"]).name): one["sha256"] for one in files}


def _other_copy(pdf: Path, told: Mapping[str, Any], report: VerifyReport) -> None:
    """Compare the other of two copies, where it lies beside this one, with what the manifest says of it."""
    if "copy" not in told:
        return
    changed = []
    try:
        other = told["copy"]["other"]
        for each in other.get("parts") or [other]:
            path = pdf.with_name(Path(each["name"]).name)
            if path.is_file():
                report.checked["files"] += 1
                if _sha256(path) != each["sha256"] and not _is_signed(path, each):
                    changed.append(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseKitError(
            "The manifest of {name} does not name its other copy soundly: get the one written with it.",
            name=pdf.name,
        ) from error
    for path in changed:
        why = f"Its bytes are not those of the other copy that the manifest of {pdf.name} names."
        report.damaged.append(Damage(path.name, why))


def _is_signed(path: Path, other: Mapping[str, Any]) -> bool:
    """Whether a copy begins with the bytes told, and its own manifest says that it was signed since."""
    own = beside(path)[0]
    with path.open("rb") as file:
        begins = hashlib.sha256(file.read(int(other["size"]))).hexdigest()
    if not own.is_file() or begins != other["sha256"]:
        return False
    found = json.loads(own.read_bytes())
    return "signature" in found and bool(found["dossier"]["sha256"] == _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _signatures(
    worker: Worker, pdf: Path, named: Any, files: Mapping[str, Any], roots: Sequence[Any],
    report: VerifyReport,
) -> None:  # fmt: skip
    """What is signed must be whole, and what the manifest calls signed must bear that signature."""
    found = signatures.check_inside(worker, pdf, roots)
    found += signatures.check_beside(worker, pdf, roots)
    if found:
        report.checked["signatures"] = report.checked.get("signatures", 0) + len(found)
    for one in found:
        name = pdf.name if one.where == "inside" else signatures.beside(pdf)[0].name
        report.notes += _said(one)
        if one.why:
            report.damaged.append(Damage(name, one.why))
        for stamp in one.stamps:
            if why := _stamp_fault(stamp):
                report.damaged.append(Damage(name, why))
    if named and not any(_is_named(one, named) for one in found):
        why = "The signature that the manifest names is not there."
        report.damaged.append(Damage(pdf.name, why))
    for path in signatures.beside(pdf):
        own = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None
        if path.name in files and own != files[path.name]:
            report.damaged.append(Damage(path.name, "It is not the file that the manifest names."))


def _is_named(one: Signature, named: Mapping[str, Any]) -> bool:
    return (one.where, one.certificate_sha256) == (
        named.get("where"), named.get("certificate_sha256"),
    )  # fmt: skip


def _said(one: Signature) -> list[str]:
    """A signature in words: whole or not, by whom, trusted or not, and its times."""
    whole = "whole" if one.intact else "NOT whole"
    lines = [f"Signature {one.where} the file: {whole}, by {one.signer or 'nobody named'}"]
    if one.certificate_sha256:
        lines.append(f"  certificate SHA-256 {one.certificate_sha256}: {_trust(one.trusted)}")
    if one.signed_at:
        lines.append(f"  signed {one.signed_at:%Y-%m-%d %H:%M:%S %Z} by the signer's own clock")
    lines += [
        f"  time stamp {stamp.at:%Y-%m-%d %H:%M:%S %Z} of {stamp.by}: "
        f"{'whole' if stamp.intact else 'NOT whole'}, {_trust(stamp.trusted)}"
        for stamp in one.stamps
    ]
    return lines


def _trust(trusted: bool | None) -> str:
    if trusted is None:
        return "not checked against a root (give one with --root)"
    return "rests on a root given" if trusted else "rests on NO root given"


def _stamp_fault(stamp: Stamp) -> str:
    if not stamp.intact:
        return "A time stamp is not one of these bytes."
    return "A time stamp rests on no root given." if stamp.trusted is False else ""


def _listed(sums: Path) -> dict[str, str]:
    try:
        lines = sums.read_text("utf-8").splitlines()
    except (OSError, UnicodeError):
        return {}
    return {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines) if name}
