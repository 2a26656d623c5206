"""The one translation of the filter tree into portable SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    String,
    and_,
    bindparam,
    column,
    false,
    literal_column,
    not_,
    or_,
    select,
    table,
    true,
)

from casekit.queries import fields, matching
from casekit.queries.fields import VALUE_FIELDS, Condition
from casekit.queries.matching import Index
from casekit.queries.tree import (
    COLLECTIONS,
    HAS,
    KINDS,
    ROLES,
    SHA256_HEX,
    WORD_FIELDS,
    All,
    And,
    DateRange,
    FieldIs,
    Node,
    Not,
    NumberRange,
    Or,
    Words,
    date_bounds,
    date_range,
    has_dates,
    without_dates,
    words_of,
)
from casekit.store.tables import item, mail

__all__ = [
    "COLLECTIONS",
    "HAS",
    "KINDS",
    "ROLES",
    "SHA256_HEX",
    "VALUE_FIELDS",
    "WORD_FIELDS",
    "All",
    "And",
    "Condition",
    "DateRange",
    "FieldIs",
    "Node",
    "Not",
    "NumberRange",
    "Or",
    "Words",
    "date_bounds",
    "date_range",
    "expression",
    "has_dates",
    "index_table",
    "matches",
    "where",
    "without_dates",
    "words_of",
]


def where(node: Node, *, walk: bool = False, surely: bool = False) -> Condition:
    """The condition on `tables.item` that the filter stands for.

    Conditions on words and on indexed facets need the tables of the index of words, which
    `search.query` makes where they are missing.

    Args:
        node: The filter.
        walk: Test items one by one as another index gives them, instead of looking up every match:
            quicker where the words are common.
        surely: Only items that match whatever the doubts about times come to (see `times.in_range`), instead
            of all that may: what a Not must then keep out are the items that may lie in the range.
    """
    match node:
        case All():
            return true()
        case Words():
            return _by_words([node], " OR ", walk, surely)
        case FieldIs():
            return fields.field_is(node)
        case DateRange():
            return fields.date_range(node, surely=surely)
        case NumberRange():
            return fields.number_range(node)
        case Not():
            return not_(where(node.part, walk=walk, surely=not surely))
        case And():
            return _by_words(node.parts, " AND ", walk, surely)
        case Or():
            return _by_words(node.parts, " OR ", walk, surely)


# -- words ----------------------------------------------------------------------------------------


def expression(node: Node) -> tuple[Index, str] | None:
    """The one FTS5 expression, and its table, that answers the whole filter; None where there is none."""
    match node:
        case Words():
            found = matching.match(node.phrases, node.near, node.column)
            return None if node.field == "subject" else found
        case Or():
            return _one(node.parts, " OR ")
        case And():
            wanted = _one([p for p in node.parts if not isinstance(p, Not)], " AND ")
            unwanted = [p.part for p in node.parts if isinstance(p, Not)]
            if not unwanted or wanted is None:
                return wanted
            without = _one(unwanted, " OR ")
            if without is None or without[0] != wanted[0]:
                return None
            return wanted[0], f"({wanted[1]}) NOT ({without[1]})"
        case _:
            return None


def _one(parts: Sequence[Node], joint: str) -> tuple[Index, str] | None:
    found = [expression(p) for p in parts]
    known = [f for f in found if f is not None]
    if not known or len(known) < len(found) or len({index for index, _ in known}) > 1:
        return None
    return known[0][0], joint.join(f"({text})" for _, text in known)


def _by_words(parts: Sequence[Node], joint: str, walk: bool, surely: bool) -> Condition:
    """The parts in one condition, with all that one index of words can answer in one expression."""
    whole = expression(And(tuple(parts)) if joint == " AND " else Or(tuple(parts)))
    if whole:
        return _matching(*whole, walk)
    by_index: dict[Index, list[str]] = {}
    conditions: list[Condition] = []
    for part in parts:
        found = expression(part)
        if found:
            by_index.setdefault(found[0], []).append(f"({found[1]})")
        elif isinstance(part, Words):
            mails = item.c.id.in_(select(mail.c.item_id))
            conditions.append(and_(_matching(*_title(part), walk), mails))
        else:
            conditions.append(where(part, walk=walk, surely=surely))
    conditions += [_matching(index, joint.join(e), walk) for index, e in by_index.items()]
    return or_(false(), *conditions) if joint == " OR " else and_(true(), *conditions)


def _title(node: Words) -> tuple[Index, str]:
    return matching.match(node.phrases, node.near, "title")


def _matching(index: Index, text: str, walk: bool) -> Condition:
    id_: ColumnElement[Any] = literal_column("+item.id", Integer) if walk else item.c.id
    return id_.in_(matches(index, text))


def index_table(index: Index) -> FromClause:
    """The full-text table as attached to a reading session."""
    return table(index, column("rowid"), column(index), column("rank"), schema="words")


def matches(index: Index, expression: str) -> Any:
    """The select of the ids that an FTS5 expression made by `matching` finds."""
    t = index_table(index)
    return select(t.c.rowid).where(t.c[index].op("MATCH")(bindparam(None, expression, String)))
