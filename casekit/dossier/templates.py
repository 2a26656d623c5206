"""Templates of dossiers: what a court or a reader usually gets, without a fact of any case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from casekit import paths
from casekit.dossier.spec import Certificate, DossierSpec, decode
from casekit.errors import CaseKitError

SHIPPED = ("us-district-court", "england-wales-bundle", "eu-neutral", "expert-report", "archive")
_NAME = re.compile(r"[\w][\w .,()-]{0,59}")


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its name, its spec, and whether it is the user's own."""

    name: str
    spec: DossierSpec
    own: bool


def templates() -> list[Template]:
    """The shipped ones in their order, then the user's own by name; one that cannot be read is left out."""
    found = [
        Template(name, _read(paths.resource("templates", f"{name}.json")), False)
        for name in SHIPPED
    ]
    for file in sorted(_folder().glob("*.json")):
        try:
            found.append(Template(file.stem, _read(file), True))
        except (CaseKitError, OSError):
            continue
    return found


def template(name: str) -> DossierSpec:
    """The spec of a template.

    Raises:
        CaseKitError: There is none of that name.
    """
    known = templates()
    for one in reversed(known):
        if one.name == name:
            return one.spec
    raise CaseKitError(
        "There is no template “{name}”: there are {known}.",
        name=name, known=", ".join(one.name for one in known),
    )  # fmt: skip


def keep(name: str, spec: DossierSpec) -> Path:
    """Keep a spec's make-up as a template of the user's own, without its facts; the same name replaces it.

    Raises:
        CaseKitError: The name cannot be that of a file, or is that of a shipped template.
    """
    if not _NAME.fullmatch(name) or name in SHIPPED:
        raise CaseKitError(
            "“{name}” cannot name a template: use letters, digits and spaces, and none of CaseKit's own names.",
            name=name,
        )
    file = _folder() / f"{name}.json"
    temporary = file.with_suffix(".new")
    temporary.write_bytes(without_facts(spec).encoded())
    temporary.replace(file)
    return file


def without_facts(spec: DossierSpec) -> DossierSpec:
    """What of a spec holds for any case: sections and their order, profile, wording, ways of printing.

    Kinds of certificates stay, empty; what counsel decided, and every text of the user, goes.
    """
    kinds = tuple(Certificate(one.kind) for one in spec.certificates)
    return DossierSpec(
        sections=spec.sections, paper=spec.paper, raw=spec.raw, dpi=spec.dpi, pairs=spec.pairs,
        machine_texts=spec.machine_texts, context=spec.context, profile=spec.profile, certificates=kinds,
        gaps=spec.gaps, events="all" if spec.events == "all" else "none",
        privilege_format=spec.privilege_format, limit_mb=spec.limit_mb, words=spec.words,
    )  # fmt: skip


def applied(made_up: DossierSpec, spec: DossierSpec) -> DossierSpec:
    """A spec in the make-up of a template; what the user stated, chose and decided in it stays."""
    return msgspec.structs.replace(
        made_up, title=spec.title, exhibits=spec.exhibits, findings=spec.findings, facts=spec.facts,
        events=spec.events, designation=spec.designation, offered_by=spec.offered_by, narrative=spec.narrative,
        method=spec.method, terms=spec.terms, offered=spec.offered, recipients=spec.recipients,
        certificates=spec.certificates or made_up.certificates,
    )  # fmt: skip


def _folder() -> Path:
    folder = paths.config_folder() / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _read(file: Path) -> DossierSpec:
    return without_facts(decode(file.read_bytes(), unfinished=True))
