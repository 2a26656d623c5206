"""Saved searches inside other searches: `saved:NAME` stands for the query that has that name now."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy import Connection

from casekit.errors import QueryError
from casekit.queries.filters import And, FieldIs, Node, Not, Or
from casekit.queries.saved_searches import SearchRow, saved_searches
from casekit.search import language


def read(s: Connection, untrusted_text: str, zone: dt.tzinfo) -> Node:
    """The tree of a query, with every saved search in it put in its place.

    Raises:
        QueryError: It cannot be read, or names a search that is not there, searches by meaning, cannot be
            read itself, or holds itself.
    """
    node = language.parse(untrusted_text, zone)
    if not _uses(node):
        return node
    known = {row.name.lower(): row for row in saved_searches(s)}
    return _Put(untrusted_text, known, zone).put(node, ())


def resolved(s: Connection, untrusted_text: str, zone: dt.tzinfo) -> str:
    """The query with every saved search in it put in its place; empty where it holds none.

    Raises:
        QueryError: As `read`.
    """
    if not _uses(language.parse(untrusted_text, zone)):
        return ""
    text = language.to_text(read(s, untrusted_text, zone))
    try:
        return language.to_text(
            language.parse(text, zone)
        )  # without parentheses that hold one part
    except QueryError:  # longer than anybody may write it
        return text


def holders(s: Connection, name: str, zone: dt.tzinfo) -> list[SearchRow]:
    """The saved searches in which another one stands by its name."""
    return [row for row in saved_searches(s) if renamed(row.query, name, name, zone) is not None]


def renamed(query: str, old: str, new: str, zone: dt.tzinfo) -> str | None:
    """A query in which a saved search has another name; None where it does not hold it or cannot be read."""
    try:
        node = language.parse(query, zone)
    except QueryError:
        return None
    found, changed = _renamed(node, old.lower(), new)
    return language.to_text(changed) if found else None


def _renamed(node: Node, old: str, new: str) -> tuple[bool, Node]:
    match node:
        case FieldIs(field="saved") if node.value.lower() == old:
            return True, FieldIs("saved", new)
        case Not():
            found, part = _renamed(node.part, old, new)
            return found, Not(part)
        case And() | Or():
            both = [_renamed(part, old, new) for part in node.parts]
            return any(f for f, _ in both), type(node)(tuple(part for _, part in both))
        case _:
            return False, node


def _uses(node: Node) -> bool:
    match node:
        case FieldIs():
            return node.field == "saved"
        case Not():
            return _uses(node.part)
        case And() | Or():
            return any(map(_uses, node.parts))
        case _:
            return False


class _Put:
    """Puts saved searches into one query; `seen` are the names around the place that is being filled."""

    def __init__(self, text: str, known: dict[str, SearchRow], zone: dt.tzinfo) -> None:
        self.text, self.known, self.zone = text, known, zone
        self.terms = 0

    def put(self, node: Node, seen: tuple[str, ...]) -> Node:
        match node:
            case FieldIs(field="saved"):
                # a part by itself, so that nothing takes its values for ones that were chosen here
                return And((self.named(node.value, seen),))
            case Not():
                return Not(self.put(node.part, seen))
            case And():
                return And(tuple(self.put(part, seen) for part in node.parts))
            case Or():
                return Or(tuple(self.put(part, seen) for part in node.parts))
            case _:
                return node

    def named(self, name: str, seen: tuple[str, ...]) -> Node:
        row = self.known.get(name.lower())
        self.terms += 1
        if row is None:
            raise self.refusal("There is no saved search “{name}”.", name)
        if row.mode != "words":
            raise self.refusal(
                "The saved search “{name}” goes by meaning: it gives ranks and no set.", name
            )
        if name.lower() in seen:
            raise self.refusal("The saved search “{name}” holds itself: change one of them.", name)
        if self.terms > language.MOST_TERMS:
            raise self.refusal("The saved search “{name}” holds too many others.", name)
        try:
            inner = language.parse(row.query, self.zone)
        except QueryError as error:
            raise self.refusal(
                "The saved search “{name}” cannot be read: {why}", name, why=str(error)
            ) from error
        return self.put(inner, (*seen, name.lower()))

    def refusal(self, message: str, name: str, **values: object) -> QueryError:
        found = re.search(rf"saved:\(?[\"“]?{re.escape(name)}", self.text, re.IGNORECASE)
        position = found.start() if found else 0
        return QueryError(message, query=self.text, position=position, name=name, **values)
