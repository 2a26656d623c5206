"""The matter: what the court's caption needs, and its parties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries.checks import SECOND
from casekit.queries.clearance import NONE
from casekit.queries.tree import COLLECTIONS
from casekit.store.tables import matter, matter_party

KEYS = ("name", "court", "number", "judge", "time_zone", "profile", "title", "counsel", "bates_prefix",
        "designation", "offered_by", "privilege_review", "redaction_review",
        "languages")  # fmt: skip
SIDES = ("plaintiff", "defendant", "claimant", "respondent", "third-party", "other")
_LANGUAGES = re.compile(r"none|[a-z]{2,3}(\s*,\s*[a-z]{2,3})*")
PROFILES = ("us-federal", "england-wales", "eu", "neutral", "neutral-zh")


def set_matter(s: Connection, values: Mapping[str, str]) -> Changes:
    """Set what is known of the matter; an empty value takes it away.

    Raises:
        CaseKitError: A key, profile or time zone is unknown.
    """
    _check(values)
    act = Act(s, "matter.set", "Matter changed", act_class="custody")
    for key, value in sorted(values.items()):
        known = s.execute(select(matter.c.value).where(matter.c.key == key)).scalar()
        if known is None and value:
            act.insert(matter, {"key": key, "value": value})
        elif value:
            act.update(matter, {"key": key}, {"value": value})
        else:
            act.delete(matter, {"key": key})
    return act.record({"matter"})


def add_party(
    s: Connection, name: str, side: str, *, role: str = "party", short: str = "", counsel: str = ""
) -> Changes:
    """Add a party of the proceeding; the same name again changes it."""
    if side not in SIDES:
        raise CaseKitError("The side must be one of {sides}.", sides=", ".join(SIDES))
    act = Act(s, "matter.party", f"Party {name} set", act_class="custody")
    values = {
        "name": name,
        "side": side,
        "role": role,
        "short": short or None,
        "counsel": counsel or None,
    }
    known = s.execute(select(matter_party.c.id).where(matter_party.c.name == name)).scalar()
    if known is None:
        act.insert(matter_party, values)
    else:
        act.update(matter_party, {"id": known}, values)
    return act.record({"matter"})


def _check(values: Mapping[str, str]) -> None:
    for key in values:
        if key not in KEYS:
            raise CaseKitError(
                "A matter has no “{key}”: it has {keys}.", key=key, keys=", ".join(KEYS)
            )
    if values.get("profile") and values["profile"] not in PROFILES:
        raise CaseKitError("The profile must be one of {known}.", known=", ".join(PROFILES))
    unknown = set(values.get("privilege_review", "").split()) - {*COLLECTIONS, NONE}
    if unknown:
        raise CaseKitError(
            "Privilege can be reviewed of {known}, or of none: “{word}” is not among them.",
            known=", ".join(COLLECTIONS), word=min(unknown),
        )  # fmt: skip
    if values.get("redaction_review") not in (None, "", SECOND):
        raise CaseKitError(
            "Redactions are checked by a “{second}” person, or by none: leave it empty.",
            second=SECOND,
        )
    languages = values.get("languages")
    if languages and not _LANGUAGES.fullmatch(languages):
        raise CaseKitError(
            "The court's languages are codes such as en or “en, fr”, or the word none: “{given}” is not.",
            given=languages,
        )
    if not values.get("name", "x"):
        raise CaseKitError("A matter needs a name.")
    zone = values.get("time_zone")
    if zone:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise CaseKitError(
                "“{zone}” is no time zone: use a name such as UTC or America/Los_Angeles.",
                zone=zone,
            ) from error
