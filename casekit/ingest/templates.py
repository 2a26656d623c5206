"""Field mappings kept under a name, so that the next file of the same kind is read as the last one was."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from casekit import paths
from casekit.errors import CaseKitError


@dataclass(frozen=True, slots=True)
class Template:
    """A saved mapping.

    Attributes:
        name: As the user calls it.
        columns: The columns of the records that it is for: exactly these.
        mapping: JSON text, see `dialects.mapped`.
    """

    name: str
    columns: tuple[str, ...]
    mapping: str


def saved() -> list[Template]:
    """All saved mappings by name; a file that is none is passed over."""
    files = sorted(_folder().glob("*.json"))
    if not files:
        return []
    from casekit.ingest.dialects.mapped import mapping_from

    found = []
    for path in files:
        try:
            given = json.loads(path.read_text("utf-8"))
            template = Template(
                str(given["name"]), tuple(map(str, given["columns"])), json.dumps(given["fields"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if mapping_from(template.mapping) is not None:
            found.append(template)
    return sorted(found, key=lambda template: template.name.lower())


def save(template: Template) -> None:
    """Keep a mapping; one of the same name is replaced.

    Raises:
        CaseKitError: It has no name, or is no mapping.
    """
    from casekit.ingest.dialects.mapped import mapping_from

    if not template.name.strip():
        raise CaseKitError("A mapping needs a name to be saved under: give it one.")
    if mapping_from(template.mapping) is None:
        raise CaseKitError(
            "“{name}” is no mapping: it must name a prompt or an output, and only fields that exist.",
            name=template.name,
        )
    given = {
        "v": 1,
        "name": template.name,
        "columns": template.columns,
        "fields": json.loads(template.mapping),
    }
    _file(template.name).write_text(json.dumps(given, ensure_ascii=False, indent=1), "utf-8")


def remove(name: str) -> None:
    """Forget a mapping.

    Raises:
        CaseKitError: There is none of that name.
    """
    try:
        _file(name).unlink()
    except FileNotFoundError as error:
        raise CaseKitError("No mapping is saved as “{name}”.", name=name) from error


def for_context() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """All saved mappings as a reader's context takes them."""
    return tuple((each.name, each.columns, each.mapping) for each in saved())


def _folder() -> Path:
    folder = paths.config_folder() / "mappings"
    folder.mkdir(exist_ok=True)
    return folder


def _file(name: str) -> Path:
    """A name is never used as a path."""
    return _folder() / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
