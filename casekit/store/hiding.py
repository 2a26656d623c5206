"""What is sequestered is hidden here, once, from every reading session: no query needs to know of it.

A reading session of a case in which something is sequestered sees, under the names of the tables that hold
items, temporary views without it; SQLite looks there first. The work that must see everything (verifying,
receiving, indexing) asks for a whole session.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, text

from casekit.store.cluster_tables import named_cluster_item
from casekit.store.coding_tables import coding
from casekit.store.fact_tables import (
    fact,
    fact_cite,
    fact_element,
    fact_person,
    terms_assent,
    terms_clause,
    terms_version,
)
from casekit.store.people_tables import person_alias, timeline_event
from casekit.store.review_tables import review_conflict, review_done, review_item
from casekit.store.tables import (
    annotation,
    exchange,
    exchange_join,
    exhibit,
    item,
    item_party,
    item_tag,
    item_text,
    item_tier,
    judgement,
    machine_text,
    mail,
    mail_thread,
    note,
    privilege,
    privilege_cleared,
    problem,
    redaction,
    redaction_box,
    translation,
    trial_exhibit,
)

_HELD = "SELECT item_id FROM main.sequester WHERE released_us IS NULL"
_FILES = f"SELECT original_id FROM main.item WHERE id IN ({_HELD})"
# A fact says in words what it rests on, so that it is hidden with any one of the items that it cites.
_FACTS = f"SELECT fact_id FROM main.fact_cite WHERE item_id IN ({_HELD})"
_VERSIONS = f"SELECT id FROM main.terms_version WHERE item_id IN ({_HELD})"
_BY_FACT = (fact_cite, fact_element, fact_person)
_BY_ITEM = (annotation, coding, exchange, exchange_join, exhibit, item_party, item_tag, item_text, item_tier,
            machine_text, mail, mail_thread, named_cluster_item, note, privilege, privilege_cleared, redaction,
            redaction_box, review_conflict, review_done, review_item)  # fmt: skip

VIEWS = {
    item.name: f"SELECT * FROM main.item WHERE id NOT IN ({_HELD})",
    # The trouble with a file quotes its bytes, whichever item they belong to.
    problem.name: (
        f"SELECT * FROM main.problem WHERE (item_id IS NULL OR item_id NOT IN ({_HELD})) "
        f"AND (original_id IS NULL OR original_id NOT IN ({_FILES}))"
    ),
    translation.name: (
        f"SELECT * FROM main.translation WHERE item_id NOT IN ({_HELD}) "
        f"AND (translation_id IS NULL OR translation_id NOT IN ({_HELD})) "
        f"AND (certificate_id IS NULL OR certificate_id NOT IN ({_HELD}))"
    ),
    person_alias.name: (
        f"SELECT * FROM main.person_alias WHERE item_id IS NULL OR item_id NOT IN ({_HELD})"
    ),
    timeline_event.name: (
        f"SELECT * FROM main.timeline_event WHERE item_id IS NULL OR item_id NOT IN ({_HELD})"
    ),
    judgement.name: (
        f"SELECT * FROM main.judgement WHERE item_id NOT IN ({_HELD}) AND other_id NOT IN ({_HELD})"
    ),
    trial_exhibit.name: (
        "SELECT * FROM main.trial_exhibit WHERE exhibit_id NOT IN "
        f"(SELECT id FROM main.exhibit WHERE item_id IN ({_HELD}))"
    ),
    fact.name: f"SELECT * FROM main.fact WHERE id NOT IN ({_FACTS})",
    terms_version.name: f"SELECT * FROM main.terms_version WHERE item_id NOT IN ({_HELD})",
    terms_clause.name: f"SELECT * FROM main.terms_clause WHERE version_id NOT IN ({_VERSIONS})",
    terms_assent.name: (
        f"SELECT * FROM main.terms_assent WHERE item_id NOT IN ({_HELD}) AND version_id NOT IN ({_VERSIONS})"
    ),
    **{
        table.name: f"SELECT * FROM main.{table.name} WHERE fact_id NOT IN ({_FACTS})"
        for table in _BY_FACT
    },
    **{
        table.name: f"SELECT * FROM main.{table.name} WHERE item_id NOT IN ({_HELD})"
        for table in _BY_ITEM
    },
}
"""What a session sees under the name of each table that holds items."""


def begin(s: Connection, *, whole: bool) -> None:
    """Bring a reading session to see what it may: without what is sequestered, unless it is `whole`."""
    held = not whole and s.execute(text(f"{_HELD} LIMIT 1")).scalar() is not None
    if held != is_hiding(s):
        (_hide if held else _show)(s)


def is_hiding(s: Connection) -> bool:
    """Whether something is hidden from this session: then an index must not be asked instead of the items."""
    known = "SELECT 1 FROM temp.sqlite_master WHERE type = 'view' AND name = 'item'"
    return s.execute(text(known)).scalar() is not None


def paths(s: Connection) -> tuple[set[str], set[str]]:
    """Under which paths the files were received that hold something sequestered: alone, or among others."""
    query = (
        f"SELECT path, original_id IN (SELECT original_id FROM main.item WHERE id NOT IN ({_HELD})) "
        f"FROM main.receipt WHERE original_id IN ({_FILES})"
    )
    found: tuple[set[str], set[str]] = set(), set()
    for path, partly in s.execute(text(query)):
        found[partly].add(path)
    return found


@contextlib.contextmanager
def whole(s: Connection) -> Iterator[None]:
    """See everything for a while, to compare with what is sequestered; nothing of it may be shown."""
    hiding = is_hiding(s)
    if hiding:
        _show(s)
    try:
        yield
    finally:
        if hiding:
            _hide(s)


def _hide(s: Connection) -> None:
    for name, query in VIEWS.items():
        s.exec_driver_sql(f"CREATE TEMP VIEW {name} AS {query}")


def _show(s: Connection) -> None:
    for name in VIEWS:
        s.exec_driver_sql(f"DROP VIEW temp.{name}")
