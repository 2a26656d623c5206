"""Checks a dossier against the manifest beside it, with nothing but the two files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from casekit.dossier.manifest import beside
from casekit.errors import CaseKitError
from casekit.jobs.verify import Damage, VerifyReport


def verify_dossier(pdf: Path) -> VerifyReport:
    """Compare a dossier's bytes with its manifest and its list of hashes.

    Raises:
        CaseKitError: There is no such dossier, or no readable manifest beside it.
    """
    manifest_path, sums_path, _ = beside(pdf)
    try:
        with pdf.open("rb") as f:
            found = hashlib.file_digest(f, "sha256").hexdigest()
        manifest = manifest_path.read_bytes()
        wanted = json.loads(manifest)["dossier"]["sha256"]
    except OSError as error:
        raise CaseKitError(
            "{name} cannot be verified: the dossier and its manifest must lie in one folder and be readable.",
            name=pdf.name,
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CaseKitError(
            "{name} is no manifest of a dossier: get the one that was written with it.",
            name=manifest_path.name,
        ) from error
    report = VerifyReport(checked={"files": 2})
    if found != wanted:
        why = "Its bytes are not those that its manifest names."
        report.damaged.append(Damage(pdf.name, why))
    listed = _listed(sums_path)
    for name, own in (
        (pdf.name, found),
        (manifest_path.name, hashlib.sha256(manifest).hexdigest()),
    ):
        if listed and listed.get(name) != own:
            why = f"Its bytes are not those that {sums_path.name} names."
            report.damaged.append(Damage(name, why))
    return report


def _listed(sums: Path) -> dict[str, str]:
    try:
        lines = sums.read_text("utf-8").splitlines()
    except (OSError, UnicodeError):
        return {}
    return {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines) if name}
