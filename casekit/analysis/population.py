"""The population of a finding: which models may serve as source, rival, stranger or student, and why.

A population is CSV (see `small_tables`), a row a model. Columns: `model` (see `naming`), `family` (models made
from one another or by one recipe; the unit of error rates), `role` (`original`, `student`, `nonstudent` or
`undocumented`, which is also what an empty one means; such a one needs no family), `documented_teacher_family`
(families whose answers a student was trained on, or their models, separated by spaces), `teacher_lab`, and, for
the reader, `confidence` and `source`. Other columns, and values behind the last one, are passed over. A lab is
the first part of an original's family name, up to the first hyphen, as in `oai-gpt4`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from casekit.analysis import small_tables
from casekit.analysis.small_tables import Table
from casekit.errors import CaseKitError

ROLES = ("original", "student", "nonstudent", "undocumented")
NEEDED = ("model", "family", "role")
TEACHERS = "documented_teacher_family"
_BETWEEN = re.compile(r"[\s,;|]+")  # the teachers of a student
OWN_LAB = "it is of the source’s own lab"


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the table; `teachers` are families, `lab` is that of the teachers."""

    model: str
    family: str
    role: str
    teachers: tuple[str, ...] = ()
    lab: str = ""
    confidence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """A population sorted for one question: was the subject trained on answers of these sources?

    Attributes:
        sources: Models named as source, by family.
        students: Documented students of a source's family, by family: here the answer is yes.
        strangers: Other labs' originals and students, and models with no documented teacher: no.
        aside: Models that can be neither, with the reason; they calibrate nothing.
    """

    sources: dict[str, tuple[str, ...]]
    students: dict[str, tuple[str, ...]]
    strangers: dict[str, tuple[str, ...]]
    aside: dict[str, str]

    @property
    def models(self) -> list[str]:
        """All models that take part."""
        return [
            m for side in (self.sources, self.students, self.strangers) for f in side.values() for m in f
        ]  # fmt: skip


def read(path: Path) -> tuple[Member, ...]:
    """The members of a table, in its order; a family written in two ways has the first.

    Raises:
        CaseKitError: The file cannot be read, lacks a column, names a model twice or a role that is none.
    """
    table = small_tables.read(path, NEEDED, spare=True)
    return _by_family(_one_spelling(_members(table)))


def from_rows(rows: Sequence[dict[str, Any]]) -> tuple[Member, ...]:
    """The members that `as_rows` made."""
    return tuple(Member(**{**row, "teachers": tuple(row["teachers"])}) for row in rows)


def as_rows(members: Sequence[Member]) -> list[dict[str, Any]]:
    """The members as JSON values, to be kept in a finding."""
    return [{**asdict(member), "teachers": list(member.teachers)} for member in members]


def sort(members: Sequence[Member], sources: Sequence[str], own: str | None = None) -> Sides:
    """Who stands on which side of the question; what is documented of the family `own` sets nobody aside.

    Raises:
        CaseKitError: There is no source, or one is not in the population, not an original, or of another
            lab than the first.
    """
    if not sources:
        raise CaseKitError("Name at least one model as source.")
    known = {member.model: member for member in members}
    for name in sources:
        if name not in known or known[name].role != "original":
            raise CaseKitError(
                "The source {model} must stand in the population as an original.", model=name
            )
    families = {known[name].family for name in sources}
    labs = {_lab(family) for family in families}
    if len(labs) > 1 and all("-" in family for family in families):
        raise CaseKitError(
            "The sources are of several labs ({labs}): ask of one lab at a time.", labs=", ".join(sorted(labs)),
        )  # fmt: skip
    taught = {
        m.lab
        for m in members
        if m.role == "student" and families & set(m.teachers) and m.lab and m.family != own
    }
    sides = Sides({}, {}, {}, {})
    for member in members:
        reason = _aside(member, families, labs, taught) if member.model not in sources else ""
        if reason:
            sides.aside[member.model] = reason
            continue
        side = (
            sides.sources if member.model in sources
            else sides.students if member.role == "student" and families & set(member.teachers)
            else sides.strangers
        )  # fmt: skip
        side[member.family] = (*side.get(member.family, ()), member.model)
    _apart(sides)
    return sides


def without_family(sides: Sides, family: str | None) -> Sides:
    """The sides without one family, that of a subject: nothing of it may calibrate or be compared with."""

    def kept(side: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {f: models for f, models in side.items() if f != family}

    gone = [
        m
        for side in (sides.students, sides.strangers)
        for f in side
        if f == family
        for m in side[f]
    ]
    aside = sides.aside | dict.fromkeys(gone, "it is of the subject’s own family")
    return Sides(sides.sources, kept(sides.students), kept(sides.strangers), aside)


def _aside(member: Member, families: set[str], labs: set[str], taught: set[str]) -> str:
    if member.family in families or (member.role == "original" and _lab(member.family) in labs):
        return OWN_LAB
    if member.role == "undocumented":
        return "its training is not documented"
    if member.role == "student" and not families & set(member.teachers):
        if member.lab in taught or {_lab(teacher) for teacher in member.teachers} & labs:
            return "its teacher is another model of the source’s lab"
        if not member.teachers:
            return "its teacher is not named"
    return ""


def _apart(sides: Sides) -> None:
    """Set families aside that stand on both sides: their models know one another's recipe."""
    for family in sorted(set(sides.students) & set(sides.strangers)):
        for model in sides.students.pop(family) + sides.strangers.pop(family):
            sides.aside[model] = "its family has students and others"


def _members(table: Table) -> list[Member]:
    members: dict[str, Member] = {}
    for row in table.rows:
        one = _member(row.values, row.line, table.name)
        if one.role == "student" and TEACHERS not in table.columns:
            raise CaseKitError(
                "The population “{name}” has no column {columns}, which its students need.",
                name=table.name, columns=TEACHERS,
            )  # fmt: skip
        if one.model in members:
            raise CaseKitError(
                "Line {line} of the population “{name}” names {model} a second time.",
                line=row.line, name=table.name, model=one.model,
            )  # fmt: skip
        members[one.model] = one
    return list(members.values())


def _one_spelling(members: Sequence[Member]) -> tuple[Member, ...]:
    """A family in two spellings would be two, and its models would calibrate one another."""
    spelled: dict[str, str] = {}

    def first(family: str) -> str:
        return spelled.setdefault(unicodedata.normalize("NFKC", family).casefold(), family)

    return tuple(
        replace(m, family=first(m.family), teachers=tuple(map(first, m.teachers))) for m in members
    )


def _by_family(members: Sequence[Member]) -> tuple[Member, ...]:
    """A teacher that is named as a model, and is no family, stands for the family of that model."""
    families = {member.family for member in members}
    of = {member.model: member.family for member in members}
    return tuple(
        replace(
            m,
            teachers=tuple(dict.fromkeys(t if t in families else of.get(t, t) for t in m.teachers)),
        )
        for m in members
    )


def _member(row: Mapping[str, str], line: int, name: str) -> Member:
    values = dict(row)
    role = values.get("role", "").casefold()
    values["role"] = re.sub(r"[\s_-]+", "", role) or "undocumented"
    needed = (
        NEEDED if values["role"] != "undocumented" else NEEDED[:1]
    )  # such a one calibrates nothing
    empty = [column for column in needed if not values.get(column)]
    if empty:
        raise CaseKitError(
            "Line {line} of the population “{name}” has no {column}.",
            line=line,
            name=name,
            column=empty[0],
        )
    if values["role"] not in ROLES:
        raise CaseKitError(
            "Line {line} of the population “{name}” has the role “{role}”: it must be one of {roles}.",
            line=line, name=name, role=row["role"], roles=", ".join(ROLES),
        )  # fmt: skip
    return Member(
        values["model"], values.get("family", ""), values["role"],
        tuple(filter(None, _BETWEEN.split(values.get(TEACHERS, "")))), values.get("teacher_lab", ""),
        values.get("confidence", ""), values.get("source", ""),
    )  # fmt: skip


def _lab(family: str) -> str:
    return family.split("-", maxsplit=1)[0].casefold()
