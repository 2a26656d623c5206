"""Pairing an item with its translation: a person says so, with who made it, how, and who vouches for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import sequestered
from casekit.queries.translations import HUMAN, MACHINE, NOT_NEEDED
from casekit.store.tables import item, translation

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def pair_translation(
    s: Connection, item_id: int, translation_id: int, *, made: str, translator: str, language: str = "en",
    dated: str = "", certificate: str = "", certificate_id: int | None = None,
) -> Changes:  # fmt: skip
    """Say that one item is the translation of another; the same pair again changes what is said of it.

    Args:
        s: A writing session.
        item_id: The text as it was received.
        translation_id: The item that translates it.
        made: `human` or `machine`.
        translator: Who translated, or which program with its version.
        language: ISO 639 code of the language it was translated into.
        dated: Day of the translation or its certificate, such as 2026-03-14.
        certificate: The translator's statement in their own words.
        certificate_id: The item that is the certificate.

    Raises:
        CaseKitError: An item is not there, both are the same, or something is missing or malformed.
    """
    _check(s, item_id, translation_id, certificate_id)
    if made not in (HUMAN, MACHINE):
        raise CaseKitError("A translation is made by a human or a machine: say which.")
    if not translator.strip():
        raise CaseKitError(
            "Say who translated it, or with which program: it is printed beside the text."
        )
    if not _LANGUAGE.fullmatch(language):
        raise CaseKitError(
            "“{language}” is no language code: use one such as en, fr or zh.", language=language
        )
    _check_day(dated)
    values = {
        "item_id": item_id, "translation_id": translation_id, "made": made, "language": language,
        "translator": translator.strip(), "certificate": certificate.strip() or None,
        "certificate_id": certificate_id, "dated": dated or None, "reason": None,
    }  # fmt: skip
    act = Act(s, "translation.pair", f"Item {translation_id} is the translation of item {item_id}")
    known = _known(s, item_id, translation_id)
    for row in _waivers(s, item_id):
        act.delete(translation, {"id": row})
    if known is None:
        act.insert(translation, values)
    else:
        act.update(translation, {"id": known}, values)
    return act.record({"translations", "items"}, [item_id, translation_id])


def waive_translation(s: Connection, item_ids: Sequence[int], reason: str) -> Changes:
    """Say that items need no translation, such as code or a list of names; the dossier prints the reason.

    Raises:
        CaseKitError: An item is not there or has a translation, or there is no reason.
    """
    if not reason.strip():
        raise CaseKitError("Say why no translation is needed: the dossier prints it.")
    n = len(item_ids)
    act = Act(s, "translation.waive", f"No translation needed of {n} item{'s' if n > 1 else ''}")
    for item_id in item_ids:
        _check(s, item_id)
        if _paired(s, item_id):
            raise CaseKitError(
                "Item {id} has a translation: take that away before you say that none is needed.",
                id=item_id,
            )
        values = {"item_id": item_id, "made": NOT_NEEDED, "reason": reason.strip()}
        waived = _waivers(s, item_id)
        if waived:
            act.update(translation, {"id": waived[0]}, values)
        else:
            act.insert(translation, values)
    return act.record({"translations", "items"}, item_ids)


def unpair_translation(s: Connection, item_id: int) -> Changes:
    """Take away all that is said of an item's translations; the items stay.

    Raises:
        CaseKitError: Nothing is said.
    """
    rows = s.execute(select(translation.c.id).where(translation.c.item_id == item_id)).scalars()
    found = list(rows)
    if not found:
        raise CaseKitError("Item {id} has no translation.", id=item_id)
    act = Act(s, "translation.unpair", f"Item {item_id} is no longer paired with a translation")
    for row in found:
        act.delete(translation, {"id": row})
    return act.record({"translations", "items"}, [item_id])


def _check(s: Connection, item_id: int, *others: int | None) -> None:
    for each in (item_id, *others):
        if each is not None and read_row(s, item, {"id": each}) is None:
            raise CaseKitError("There is no item {id} in this case.", id=each)
    sequestered.refuse(s, [each for each in (item_id, *others) if each is not None])
    if item_id in others:
        raise CaseKitError("An item is not its own translation: name the other one.")


def _check_day(dated: str) -> None:
    try:
        right = not dated or dt.date.fromisoformat(dated).isoformat() == dated
    except ValueError:
        right = False
    if not right:
        raise CaseKitError(
            "“{text}” is no date: write year, month and day, such as 2026-03-14.", text=dated
        )


def _known(s: Connection, item_id: int, translation_id: int) -> Any:
    pair = and_(translation.c.item_id == item_id, translation.c.translation_id == translation_id)
    return s.execute(select(translation.c.id).where(pair)).scalar()


def _paired(s: Connection, item_id: int) -> bool:
    pairs = and_(translation.c.item_id == item_id, translation.c.translation_id.is_not(None))
    return s.execute(select(translation.c.id).where(pairs)).first() is not None


def _waivers(s: Connection, item_id: int) -> list[int]:
    waived = and_(translation.c.item_id == item_id, translation.c.translation_id.is_(None))
    return [int(i) for i in s.execute(select(translation.c.id).where(waived)).scalars()]
