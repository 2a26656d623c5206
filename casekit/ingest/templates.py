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
    if not template.name.strip():
        raise CaseKitError("A mapping needs a name to be saved under: give it one.")
    check(template.mapping)
    given = {
        "v": 1,
        "name": template.name,
        "columns": template.columns,
        "fields": json.loads(template.mapping),
    }
    _file(template.name).write_text(json.dumps(given, ensure_ascii=False, indent=1), "utf-8")


def check(mapping: str) -> None:
    """See that a text is a mapping, as `dialects.mapped` describes it.

    Raises:
        CaseKitError: It is none; the sentence says what is wrong with it.
    """
    from casekit.ingest.dialects import mapped

    if mapped.mapping_from(mapping) is not None:
        return
    try:
        given = json.loads(mapping)
    except ValueError as error:
        raise CaseKitError("The mapping is no JSON ({why}).", why=str(error)) from error
    if not isinstance(given, dict):
        raise CaseKitError("The mapping is no JSON object: write {“field”: “column”, …}.")
    if strange := [name for name in given if name not in mapped.TARGETS]:
        raise CaseKitError(
            "The mapping fills {names}, which there is not; there are: {known}.",
            names=", ".join(strange), known=", ".join(mapped.TARGETS),
        )  # fmt: skip
    for name, place in given.items():
        alone = json.dumps({"prompt": "x", name: place})
        if not mapped.mapping_from(alone) and not (isinstance(place, dict) and name == "prompt"):
            raise CaseKitError(
                "What the mapping says of {name} is none of: a column, several ({{“join”: […]}}), a constant "
                "({{“const”: …}}), or for time a column with zone and format, the zone being one that exists.",
                name=name,
            )
    raise CaseKitError(
        "The mapping gives neither a prompt nor an output: give one of them a column."
    )


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
