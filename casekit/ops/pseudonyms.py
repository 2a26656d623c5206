"""Giving pseudonyms to accounts, addresses, numbers, keys and names; each once and for the whole matter."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from sqlalchemy import Connection

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries.pseudonyms import PseudonymRow, pseudonyms, same
from casekit.queries.whole_values import KINDS, Kind, is_too_short
from casekit.store.tables import pseudonym, pseudonym_value

LONGEST = 400
_LIKE_ONE = re.compile(r"\W*\w+ \d{3,}\W*")


def give(
    s: Connection, kind: Kind, values: Sequence[str], *, same_as: int | None = None
) -> Changes:
    """Give each value a pseudonym of its own; one that has one already keeps it, also after it was lifted.

    Numbers are given in an order drawn by lot, so that they tell nothing of the values, and never twice.

    Args:
        s: Writing session.
        kind: What they are.
        values: As they stand in the evidence.
        same_as: Number of a pseudonym that these are further spellings of.

    Raises:
        CaseKitError: A value is too short to be looked for, stands for another pseudonym, or there is no
            pseudonym of that number.
    """
    if kind not in KINDS:
        raise CaseKitError("The kind must be one of {kinds}.", kinds=", ".join(KINDS))
    known = {same(value): row for row in pseudonyms(s) for value in row.values}
    wanted = {same(value): value for value in map(_checked, values)}
    number = len(wanted)
    what = "pseudonym given" if number == 1 else "pseudonyms given"
    label = (
        f"{number:,} {what}" if same_as is None else f"{number:,} more said of pseudonym {same_as}"
    )
    act = Act(s, "pseudonym.give", label, args={"kind": kind})
    at = {"by": s.info["actor"], "at_us": clock.now_us()}
    if same_as is not None:
        _add_spellings(act, same_as, wanted, known, at)
        return act.record({"pseudonyms"})
    order = list(wanted)
    secrets.SystemRandom().shuffle(order)
    for key in order:
        if key in known:
            act.update(pseudonym, {"id": known[key].id}, {"in_use": 1})
            continue
        given = act.insert(pseudonym, {"kind": kind, "in_use": 1, **at})
        act.insert(pseudonym_value, {"pseudonym_id": given, "value": wanted[key], **at})
    return act.record({"pseudonyms"})


def lift(s: Connection, numbers: Sequence[int]) -> Changes:
    """Print the values of some pseudonyms again; the numbers stay theirs.

    Raises:
        CaseKitError: One of them is not there.
    """
    return _use(s, "pseudonym.lift", numbers, 0, f"{len(numbers):,} pseudonyms out of use")


def use_again(s: Connection, numbers: Sequence[int]) -> Changes:
    """Print some lifted pseudonyms instead of their values again.

    Raises:
        CaseKitError: One of them is not there.
    """
    return _use(s, "pseudonym.use", numbers, 1, f"{len(numbers):,} pseudonyms in use again")


def record_key(s: Connection, sha256: str, count: int) -> Changes:
    """Write into the custody log that the key left the case, sealed.

    Args:
        s: Writing session.
        sha256: Of the sealed file, 64 hex digits.
        count: Pseudonyms in it.
    """
    act = Act(
        s, "pseudonym.key", f"Sealed key of {count:,} pseudonyms written", act_class="custody"
    )
    return act.record(undoable=False, extra={"sealed_sha256": sha256})


def _add_spellings(
    act: Act, number: int, wanted: dict[tuple[str, ...], str],
    known: dict[tuple[str, ...], PseudonymRow], at: dict[str, object],
) -> None:  # fmt: skip
    _row(act.s, number)
    for key, value in wanted.items():
        if key not in known:
            act.insert(pseudonym_value, {"pseudonym_id": number, "value": value, **at})
        elif known[key].id != number:
            raise CaseKitError(
                "“{value}” is pseudonym {n} already: a value has one and keeps it.",
                value=value, n=known[key].id,
            )  # fmt: skip


def _use(s: Connection, kind: str, numbers: Sequence[int], in_use: int, label: str) -> Changes:
    act = Act(s, kind, label)
    for number in numbers:
        _row(s, number)
        act.update(pseudonym, {"id": number}, {"in_use": in_use})
    return act.record({"pseudonyms"})


def _row(s: Connection, number: int) -> PseudonymRow:
    row = next((row for row in pseudonyms(s) if row.id == number), None)
    if row is None:
        raise CaseKitError("There is no pseudonym {n} in this case.", n=number)
    return row


def _checked(value: str) -> str:
    value = " ".join(value.split())
    if is_too_short(value):
        raise CaseKitError(
            "“{value}” is too short to be replaced wherever it stands: give three letters or six digits.",
            value=value,
        )
    if len(value) > LONGEST or _LIKE_ONE.fullmatch(value):
        raise CaseKitError(
            "“{value}” can have no pseudonym: it is too long, or looks like one itself.",
            value=value[:80],
        )
    return value
