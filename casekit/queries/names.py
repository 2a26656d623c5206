"""Names of files that go out: which of them would tell what is withheld."""

from __future__ import annotations

import re
from pathlib import PurePath

from sqlalchemy import Connection, select, union

from casekit.errors import CaseKitError
from casekit.queries import matter as matter_queries
from casekit.queries.boxes import box_passages, boxes
from casekit.queries.pseudonyms import pseudonyms
from casekit.queries.redactions import WithheldWords, tokens, withheld_texts
from casekit.queries.whole_values import WholeValues
from casekit.store import hiding
from casekit.store.tables import item, mail, privilege, sequester

_REPLY = re.compile(
    r"^\s*((re|fw|fwd|aw|wg|sv|vs|tr|回复|转发)\s*(\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_ENDING = re.compile(r"\.\w{1,5}$")
_REFUSED = frozenset(".()[]{}#%&'\"*?<>|$!@+=;:,~^`")
_OWN = frozenset(
    {
        "dossier",
        "exhibit",
        "exhibits",
        "production",
        "privilege",
        "log",
        "list",
        "draft",
        "bundle",
        "v",
        "vs",
    }
)
"""Words of names that tell nothing, whatever else is called so."""


def check_name(s: Connection, name: str) -> None:
    """Refuse a file's name that carries withheld words, or the title or name of an item that is withheld.

    A court's notice and the other side's list show the names of files. Looked for are the words of every
    redaction, and of titles four words in a row, or the whole of a shorter one; what the matter itself is
    called may stand in any name.

    Args:
        s: Reading session; what is sequestered is looked for too.
        name: The file's name; what stands before it in a path does not go out.

    Raises:
        CaseKitError: It does; the message says which redaction or item, not which words.
    """
    with hiding.whole(s):
        _check_name(s, PurePath(name).name)


def _check_name(s: Connection, name: str) -> None:
    given = WholeValues(
        (f"as pseudonym {row.id}", row.kind, value)
        for row in pseudonyms(s, in_use=True)
        for value in row.values
    )
    told = [(f"no. {row.id}", text) for row, text in withheld_texts(s)]
    told += [(f"box {row.id}", text) for row, text in box_passages(boxes(s))]
    redacted = WithheldWords(told, given)
    for _, _, which in redacted.places(name):
        raise CaseKitError(
            "The name {name} cannot be used: it carries words that are withheld by redaction {which}, and a "
            "file’s name is seen by all who get it. Choose a name without them, such as the matter’s.",
            name=name, which=which,
        )  # fmt: skip
    for _, _, which in WithheldWords(_titles(s)).places(name):
        raise CaseKitError(
            "The name {name} cannot be used: it carries the title or the name of {which}, which is withheld as "
            "privileged or sequestered, and a file’s name is seen by all who get it. Choose a name without it, "
            "such as the matter’s.",
            name=name, which=which,
        )  # fmt: skip


def odd_signs(name: str) -> str:
    """The signs in a file's name, its ending apart, that some courts' filing systems refuse; each once."""
    stem = PurePath(name).stem
    return "".join(dict.fromkeys(c for c in stem if c in _REFUSED))


def _titles(s: Connection) -> list[tuple[str, str]]:
    """What the items of all families are called that are privileged or sequestered."""
    held = union(
        select(privilege.c.item_id),
        select(sequester.c.item_id).where(sequester.c.released_us.is_(None)),
    )
    families = select(item.c.root_id).where(item.c.id.in_(held))
    query = (
        select(item.c.id, item.c.title, item.c.name, mail.c.subject)
        .outerjoin(mail, mail.c.item_id == item.c.id)
        .where(item.c.root_id.in_(families))
        .order_by(item.c.id)
    )
    matter = matter_queries.get(s)
    called = " ".join(
        [matter.name, matter.title, matter.number, *(f"{p.name} {p.short}" for p in matter.parties)]
    )
    own = {word for _, _, word in tokens(called)} | _OWN
    found = []
    for row in s.execute(query):
        for text in (row.title, row.name, row.subject):
            title = _ENDING.sub("", _REPLY.sub("", text or ""))
            words = [word for _, _, word in tokens(title)]
            if not own.issuperset(words) and _tells(words):
                found.append((f"item {row.id}", title))
    return found


def _tells(words: list[str]) -> bool:
    """Whether a title is more than one common word or a number."""
    return len(words) > 1 or any(len(word) > 6 and not word.isdecimal() for word in words)
