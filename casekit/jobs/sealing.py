"""How a volume comes to the disk: listed with its hashes, settled there, recorded, and only then named."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekit.errors import CaseKitError
from casekit.jobs.verify_volume import MANIFEST, PROGRAM, SUMS
from casekit.paths import resource
from casekit.queries.productions import is_issued
from casekit.store import canonical
from casekit.store.case import Case


@dataclass(frozen=True, slots=True)
class Made:
    """A folder's manifest by its SHA-256 (hex), and how many numbers it uses."""

    sha256: str
    pages: int


def put(path: Path, data: bytes) -> str:
    """Write a file with the folders above it; its SHA-256 in hex."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def seal(
    building: Path, content: Mapping[str, Any], files: Mapping[str, str], numbers: Mapping[str, str]
) -> str:
    """Write the checking program, the manifest and the list of hashes; the manifest's SHA-256 in hex.

    Args:
        building: The folder.
        content: What the manifest says besides its files.
        files: SHA-256 (hex) by path below the folder.
        numbers: Bates number by path, of those files that have one.
    """
    program = resource("verify", "verify_volume.py").read_bytes()
    listed = sorted({**files, PROGRAM: put(building / PROGRAM, program)}.items())
    told = [
        {
            "path": path, "sha256": sha256, "size": (building / path).stat().st_size,
            "bates": numbers.get(path, ""), "role": path.rpartition("/")[0].partition("/")[0].lower(),
        }
        for path, sha256 in listed
    ]  # fmt: skip
    digest = put(building / MANIFEST, canonical.encode({**content, "files": told}) + b"\n")
    sums = "".join(f"{sha256}  {path}\n" for path, sha256 in (*listed, (MANIFEST, digest)))
    put(building / SUMS, sums.encode())
    return digest


def put_in_place(case: Case, folder: Path) -> list[Path]:
    """Give what was recorded, and lost power before it got its name, that name; tells what got one."""
    found = []
    for left in sorted(folder.glob(".*-*")):
        out = folder / left.name[1:].rpartition("-")[0]
        if left.is_dir() and not out.exists() and recorded(case, left):
            give_name(left, out)
            found.append(out)
    return found


def recorded(case: Case, building: Path) -> bool:
    """Whether the case has a production with the manifest of this folder."""
    try:
        sha256 = hashlib.sha256((building / MANIFEST).read_bytes()).digest()
    except OSError:
        return False
    with case.read() as s:
        return is_issued(s, sha256)


def give_name(building: Path, out: Path) -> None:
    """Give a recorded folder its name.

    Raises:
        CaseKitError: It could not be renamed; the sentence says where it lies.
    """
    try:
        building.rename(out)
        _sync(out.parent)
    except OSError as error:
        raise CaseKitError(
            "The production is recorded and lies whole in {folder}, but could not be renamed ({why}): rename "
            "it to {name} yourself.",
            folder=str(building), why=error.strerror or type(error).__name__, name=out.name,
        ) from error  # fmt: skip


def settle(building: Path) -> None:
    """Bring every file and folder to the disk, before the case says that they are there."""
    for path in (*building.rglob("*"), building):
        _sync(path)


def _sync(path: Path) -> None:
    if sys.platform == "win32" and path.is_dir():
        return  # it has no such call for folders
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
