"""A query as rows and groups, as a builder shows it: the same query as its text, there and back."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from casekit.errors import CaseKitError, QueryError
from casekit.queries import filters
from casekit.queries.filters import All, And, DateRange, FieldIs, Node, Not, NumberRange, Or, Words
from casekit.queries.matching import Phrase
from casekit.search import language

MOST_ROWS = 40
DEEPEST = 3

Relation = Literal["is", "like", "has", "starts", "near", "between"]
Joint = Literal["all", "any", "none"]
ANY_TEXT = ""
RANGES = frozenset({"date", "id"})


@dataclass(frozen=True, slots=True)
class Row:
    """One condition.

    Attributes:
        field: A field of the query language; empty: any text.
        relation: `is` the value, `like` a pattern with * and ?, `has` the words in a row, a word that
            `starts` so, words `near` each other (`a NEAR/5 "b c"`), `between` two dates or numbers (`5..9`).
        value: As a person writes it.
        no: Whether it is the items without that.
    """

    field: str = ANY_TEXT
    relation: Relation = "has"
    value: str = ""
    no: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which `all`, `any` or `none` hold; without parts it asks for nothing."""

    joint: Joint = "all"
    parts: tuple[Row | Group, ...] = ()


class NotShown(CaseKitError):
    """A query that can be searched for, but has no rows."""


def relations(field: str) -> tuple[Relation, ...]:
    """What can be said of a field, the usual first."""
    if field == ANY_TEXT or field in filters.WORD_FIELDS:
        return ("has", "starts", "near")
    if field in RANGES:
        return ("between",)
    if field == "status":
        return ("is", "like", "between")
    if field in language.CHOICES or field in {"near", "original", "saved", "sha256", "topic"}:
        return ("is",)
    return ("is", "like")


def group_of(node: Node) -> Group:
    """The rows of a query; its `node_of` is the same tree.

    Raises:
        NotShown: It has no rows; the query itself is as good as ever.
    """
    if isinstance(node, All):
        return Group()
    part = _part(node, 0)
    whole = part if isinstance(part, Group) else Group("all", (part,))
    if _count(whole) > MOST_ROWS:
        raise NotShown("This search has more than {most} conditions: it stays as it is written.",
                       most=MOST_ROWS)  # fmt: skip
    return whole


def node_of(group: Group, zone: dt.tzinfo = dt.UTC) -> Node:
    """The tree that rows stand for; rows without a value and groups without rows ask for nothing.

    Raises:
        QueryError: The value of a row cannot be read; see `trouble` for which.
    """
    return _group_node(group, zone) or All()


def text_of(group: Group, zone: dt.tzinfo = dt.UTC) -> str:
    """The query as text; empty where nothing is asked for.

    Raises:
        QueryError: The value of a row cannot be read.
    """
    node = node_of(group, zone)
    return "" if isinstance(node, All) else language.to_text(node)


def trouble(row: Row, zone: dt.tzinfo = dt.UTC) -> QueryError | None:
    """Why a row cannot be read, if so."""
    try:
        _row_node(row, zone)
    except QueryError as error:
        return error
    return None


# -- tree to rows -----------------------------------------------------------------------------------


def _part(node: Node, depth: int) -> Row | Group:
    if depth > DEEPEST:
        raise NotShown(
            "This search has groups within groups too deep for rows: it stays as it is written."
        )
    match node:
        case All():
            raise NotShown("“*” inside a longer search has no row: it stays as it is written.")
        case And():
            return Group("all", _parts(node.parts, depth))
        case Or():
            return Group("any", _parts(node.parts, depth))
        case Not(part=Or() as inner):
            return Group("none", _parts(inner.parts, depth))
        case Not(part=Not() | And() as inner):
            return Group("none", _parts((inner,), depth))
        case Not():
            row = _leaf(node.part)
            return Row(row.field, row.relation, row.value, no=True)
        case _:
            return _leaf(node)


def _parts(nodes: tuple[Node, ...], depth: int) -> tuple[Row | Group, ...]:
    return tuple(_part(each, depth + 1) for each in nodes)


def _leaf(node: Node) -> Row:
    match node:
        case Words(phrases=(only,)):
            return Row(node.field, "starts" if only.prefix else "has", only.text)
        case Words():
            return Row(node.field, "near", language.to_text(Words(node.phrases, node.near)))
        case FieldIs():
            return Row(node.field, "like" if node.pattern else "is", node.value)
        case DateRange():
            return Row("date", "between", f"{node.first}..{node.last}")
        case NumberRange() if node.low == node.high and node.field not in RANGES:
            return Row(node.field, "is", str(node.low))
        case NumberRange():
            low, high = ("" if n is None else str(n) for n in (node.low, node.high))
            return Row(node.field, "between", f"{low}..{high}")
        case _:
            raise NotShown("“*” inside a longer search has no row: it stays as it is written.")


def _count(part: Row | Group) -> int:
    return 1 if isinstance(part, Row) else sum(map(_count, part.parts))


# -- rows to tree -----------------------------------------------------------------------------------


def _group_node(group: Group, zone: dt.tzinfo) -> Node | None:
    kind: type[And] | type[Or] = And if group.joint == "all" else Or
    found: list[Node] = []
    for part in group.parts:
        node = _row_node(part, zone) if isinstance(part, Row) else _group_node(part, zone)
        if node is not None:
            found.extend(node.parts if isinstance(node, kind) else [node])
    if not found:
        return None
    whole = found[0] if len(found) == 1 else kind(tuple(found))
    return Not(whole) if group.joint == "none" else whole


def _row_node(row: Row, zone: dt.tzinfo) -> Node | None:
    value = row.value.strip()
    if not value.strip("."):
        return None
    node = _read(row, value, zone)
    return Not(node) if row.no else node


def _read(row: Row, value: str, zone: dt.tzinfo) -> Node:
    """Read a row by the language itself, so that both refuse the same."""
    if row.relation == "near":
        node = language.parse(f"{row.field}:({value})" if row.field else value, zone)
        if not isinstance(node, Words):
            raise QueryError("Words near each other are written as: one NEAR/5 other.",
                             query=value, position=0)  # fmt: skip
        return node
    if row.relation in {"has", "starts"}:
        made: Node = Words((Phrase(value, row.relation == "starts"),), 0, row.field)
    elif row.relation == "like":
        pattern = re.search(r"[*?]", value) is not None
        made = FieldIs(row.field, value if pattern else f"*{value}*", pattern=True)
    elif row.relation == "between":
        low, dots, high = (piece.strip() for piece in value.partition(".."))
        value = low if dots and low == high else low + dots + high
        made = FieldIs(row.field, value)
    else:
        made = FieldIs(row.field, value)
    return language.parse(language.to_text(made), zone)
