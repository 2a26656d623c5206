"""What is written of each exhibit for the trial exhibit list: who sponsors it, for what, what was objected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries.trial import FIELDS
from casekit.store.tables import exhibit, trial_exhibit

DATES = ("stipulated", "offered", "admitted")
_FIRST_YEAR = 1900


def set_trial(s: Connection, wanted: Mapping[str, Mapping[str, str]]) -> Changes:
    """Write fields of the trial exhibit list, in one act; an empty value takes one away.

    Args:
        s: A writing session.
        wanted: By the exhibit's label: values by the names in `queries.trial.FIELDS`; the others stay.

    Raises:
        CaseKitError: A label or field is not there, or a date is none or before what it must follow.
    """
    found = {r.label: r.id for r in s.execute(select(exhibit.c.label, exhibit.c.id))}
    one = next(iter(wanted), "")
    label = (
        f"Trial list: Exhibit {one}" if len(wanted) == 1 else f"Trial list: {len(wanted)} exhibits"
    )
    act = Act(s, "trial.set", label)
    for name, values in wanted.items():
        if name not in found:
            raise CaseKitError("There is no exhibit {label}.", label=name)
        key = {"exhibit_id": found[name]}
        before = read_row(s, trial_exhibit, key)
        given = {field: value.strip() for field, value in values.items()}
        whole = {**{field: (before or {}).get(field) or "" for field in FIELDS}, **given}
        check(name, whole)
        row = {field: whole[field] or None for field in FIELDS}
        if not any(row.values()):
            act.delete(trial_exhibit, key)
        elif before is None:
            act.insert(trial_exhibit, {**key, **row})
        else:
            act.update(trial_exhibit, key, row)
    return act.record({"exhibits"})


def check(label: str, values: Mapping[str, str]) -> None:
    """Refuse what a trial exhibit list cannot say of an exhibit.

    Raises:
        CaseKitError: As `set_trial`.
    """
    for field in values:
        if field not in FIELDS:
            raise CaseKitError(
                "The trial exhibit list has no “{field}”: it has {known}.",
                field=field, known=", ".join(FIELDS),
            )  # fmt: skip
    days = {field: _day(label, values[field]) for field in DATES if values.get(field)}
    if "offered" in days and "admitted" in days and days["admitted"] < days["offered"]:
        raise CaseKitError(
            "Exhibit {label} cannot have been admitted on {admitted} if it was offered on {offered}: correct "
            "one of the dates.",
            label=label, admitted=values["admitted"], offered=values["offered"],
        )  # fmt: skip


def _day(label: str, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if day.isoformat() != text or day.year < _FIRST_YEAR:
        raise CaseKitError(
            "Exhibit {label}: “{text}” is no date: write year, month and day, such as 2026-03-14.",
            label=label, text=text,
        )  # fmt: skip
    return day
