"""Checks a production volume against its own manifest and list of hashes, with nothing but its folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from casekit.errors import CaseKitError
from casekit.jobs.verify import Damage, VerifyReport
from casekit.progress import Progress, Silent

MANIFEST, SUMS, PROGRAM = "manifest.json", "SHA256SUMS", "verify.py"


def is_volume(folder: Path) -> bool:
    """Whether a folder is that of a production volume."""
    try:
        return "volume" in json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def verify_volume(folder: Path, progress: Progress | None = None) -> VerifyReport:
    """Compare every file of a volume with its manifest and its list of hashes; names what differs.

    Args:
        folder: The volume's, such as `VOL001`.
        progress: Told the files.

    Raises:
        CaseKitError: There is no readable manifest or list of hashes in it.
    """
    progress = progress or Silent()
    try:
        manifest = (folder / MANIFEST).read_bytes()
        told = {str(file["path"]): str(file["sha256"]) for file in json.loads(manifest)["files"]}
        lines = (folder / SUMS).read_text("utf-8").splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CaseKitError(
            "{name} cannot be verified: its manifest.json and SHA256SUMS must be there and readable.",
            name=folder.name,
        ) from error
    report = VerifyReport(checked={"files": len(told) + 1})
    if sums.pop(MANIFEST, "") != hashlib.sha256(manifest).hexdigest():
        report.damaged.append(Damage(MANIFEST, "It is not the one that the list of hashes names."))
    for done, name in enumerate(sorted(told | sums)):
        progress.step(done, len(told), "files")
        report.damaged += _judged(folder, name, told, sums)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() and name not in told and name not in (MANIFEST, SUMS):
            report.damaged.append(Damage(name, "It does not belong to the volume."))
    return report


def _judged(
    folder: Path, name: str, told: Mapping[str, str], sums: Mapping[str, str]
) -> list[Damage]:
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\\" in name or ":" in name:
        return [Damage(name, "It is no path below the volume.")]
    path = folder / name
    if path.is_symlink() or not path.is_file():
        return [Damage(name, "It is not there.")]
    with path.open("rb") as file:
        own = hashlib.file_digest(file, "sha256").hexdigest()
    if not own == told.get(name) == sums.get(name):
        return [Damage(name, "Its bytes are not those that were written.")]
    return []
