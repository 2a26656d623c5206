"""What came before CaseKit: who collected a file, how, and with which hashes it was supplied."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casekit.errors import CaseKitError

KIND_BY_LENGTH = {64: "sha256", 40: "sha1", 32: "md5"}
HEX = re.compile(r"[0-9a-fA-F]+")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the user knows of the files being imported; unknown values are empty.

    Attributes:
        custodian: Who held them.
        received_at: When they were handed over, in the user's own words.
        medium: What they came on.
        authority: The lawful basis of the collection.
        role: `subject`, `source`, `control` or `other`, of model outputs.
        model: Model name, for outputs that carry none.
        supplied: Hash by path as supplied with the files, `sha256:…`, `sha1:…` or `md5:…`.
        mapping: JSON text of a field mapping for plain records.
    """

    custodian: str = ""
    received_from: str = ""
    received_at: str = ""
    medium: str = ""
    collected_by: str = ""
    collection_tool: str = ""
    authority: str = ""
    role: str = ""
    model: str = ""
    mapping: str = ""
    supplied: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> dict[str, str | None]:
        """The values that every receipt of this import carries."""
        names = ("received_from", "received_at", "medium", "collected_by", "collection_tool",
                 "authority", "role", "model")  # fmt: skip
        return {name: getattr(self, name) or None for name in names}

    def supplied_hash(self, path: str) -> str:
        """The hash supplied for a path; the longest listed path that it ends with counts."""
        parts = path.replace("\\", "/").split("/")
        for start in range(len(parts)):
            found = self.supplied.get("/".join(parts[start:]))
            if found:
                return found
        return ""


def read_supplied_hashes(file: Path) -> dict[str, str]:
    """Hashes by path from a CSV with a hash and a path column, or from `sha256sum`'s own form.

    Raises:
        CaseKitError: The file cannot be read or holds no hash.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise CaseKitError(
            "The list of supplied hashes {name} cannot be read as text.", name=file.name
        ) from error
    found: dict[str, str] = {}
    for line in lines:
        fields = next(csv.reader([line]), []) if "," in line else line.split(None, 1)
        hashes = [f.strip() for f in fields if _kind(f.strip())]
        paths = [f.strip().lstrip("*") for f in fields if not _kind(f.strip())]
        if len(hashes) == 1 and paths:
            name = paths[0].replace("\\", "/").removeprefix("./")
            found[name] = f"{_kind(hashes[0])}:{hashes[0].lower()}"
    if not found:
        raise CaseKitError(
            "{name} holds no hashes: each line needs a SHA-256, SHA-1 or MD5 and a path.",
            name=file.name,
        )
    return found


def _kind(text: str) -> str:
    return KIND_BY_LENGTH.get(len(text), "") if HEX.fullmatch(text) else ""
