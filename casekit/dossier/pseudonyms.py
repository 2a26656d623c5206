"""Pseudonyms on paper: printed in brackets wherever a value stands that has one, from the cover to the index.

A pseudonym is a kind and a number, such as `[Account 014]`. The number was drawn by lot and is made from
nothing: no hash, no order and no length of a value is in it. The key that tells which is which leaves the
case only as a sealed file of its own (`sealing`).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from casekit.dossier.charts import Dots, Pile, Series, Tick
from casekit.dossier.cleaning import Finder, Given, clean, clean_json, clean_text, every_text
from casekit.dossier.sections.common import short_day
from casekit.dossier.sheet import (
    Block,
    Chapter,
    Column,
    DossierPlan,
    Grid,
    Mark,
    PageText,
    Produced,
    Prose,
    Raw,
    Remark,
    Side,
)
from casekit.dossier.wording import Wording, wording
from casekit.queries import matter as matter_queries
from casekit.queries.checks import Checked, checks
from casekit.queries.items import ItemView
from casekit.queries.privilege_log import LogEntry, entries
from casekit.queries.pseudonyms import PseudonymRow, pseudonyms
from casekit.queries.redactions import tokens
from casekit.queries.whole_values import Kind, WholeValues

_JSON_FIELDS = ("messages", "parameters", "extra")
_TOLD_BY_RECORD = ("read", "parties", "facts")
"""Fields of an item that its own bytes tell; what is in the others was said of it, or is another item."""
_SAID_OF_IT = ("row", "receipts", "problems", "notes", "joined", "conversation", "sent_raw")

_KEPT: Mapping[type, frozenset[str]] = {
    DossierPlan: frozenset(
        {"case", "version", "custody_root", "words", "paper", "language", "sections", "profile"}
    ),
    Chapter: frozenset({"label", "dest", "kind", "bates"}),
    Produced: frozenset({"label", "record_sha256", "original_sha256", "prefix", "media_type"}),
    Raw: frozenset({"sha256", "secret"}),
    Grid: frozenset({"links"}),
    Prose: frozenset({"part", "face"}),
    Column: frozenset({"face"}),
    PageText: frozenset(),
    Dots: frozenset({"mark", "fill"}),
    Series: frozenset({"dash"}),
    Pile: frozenset({"fill"}),
    Tick: frozenset({"label"}),
}
"""Names and hashes by which a program finds things: what stood in one would be found by `redact.check`."""
_FACE = frozenset({"face"})


def label(kind: Kind, number: int, words: Wording) -> str:
    """A pseudonym as printed, without its brackets: `Account 014`."""
    return words(f"pseudonym.{kind}", n=f"{number:03d}")


def wording_of(s: Connection) -> Wording:
    """The words in which the matter's pseudonyms are printed."""
    return wording(matter_queries.get(s).profile or "neutral")


def of_case(s: Connection, words: Wording, *, strict: bool = False) -> WholeValues:
    """All that has a pseudonym in use, each to be called by it in its brackets.

    Args:
        s: Reading session.
        words: The court's wording.
        strict: As `WholeValues` says; to look for what is left rather than to replace it.
    """
    return WholeValues(
        (
            (f"[{label(row.kind, row.id, words)}]", row.kind, value)
            for row in pseudonyms(s, in_use=True)
            for value in row.values
        ),
        strict=strict,
    )


def log_entries(s: Connection, given: Given) -> dict[int, LogEntry]:
    """What the privilege log tells of every withheld item, by item, with pseudonyms."""
    return {one.item_id: clean(one, given) for one in entries(s)}


class _Noted:
    """A finder that remembers what it has found."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self.names: set[str] = set()

    def places(self, text: str) -> list[tuple[int, int, str]]:
        found = self._finder.places(text)
        self.names.update(name for _, _, name in found)
        return found


def instead(view: ItemView, given: Given) -> ItemView:
    """The item with pseudonyms instead of what they stand for; `pseudonyms` names those its record tells."""
    if not given:
        return view
    noted = _Noted(given)
    told = {name: clean(getattr(view, name), noted) for name in _TOLD_BY_RECORD}
    exchange = {
        name: clean_json(value, noted) if name in _JSON_FIELDS else clean(value, noted)
        for name, value in view.exchange.items()
    }
    texts = tuple((part, clean_text(text, noted)) for part, text in view.texts)
    mail = clean(view.mail, noted)
    if mail.get("message_id") != view.mail.get("message_id"):
        mail.pop("mih", None)  # a hash of the identifier, which can be guessed from it
    said = {name: clean(getattr(view, name), given) for name in _SAID_OF_IT}
    pointer = clean_json(view.pointer, given)
    return dataclasses.replace(
        view, **told, **said, exchange=exchange, texts=texts, mail=mail, pointer=pointer,
        pseudonyms=tuple(sorted(noted.names)),
    )  # fmt: skip


def applied(
    plan: DossierPlan, given: Given, words: Wording, looked: Mapping[str, str],
    printed: Callable[[DossierPlan], DossierPlan] = lambda plan: plan,
) -> DossierPlan:  # fmt: skip
    """A plan with pseudonyms wherever something was still called by its own name, and what they are.

    The list of pseudonyms goes with the redaction log, and a sentence with how to read the dossier.

    Args:
        plan: The plan.
        given: What has a pseudonym.
        words: The court's wording.
        looked: Who gave and who checked each pseudonym, as `given_by` says.
        printed: The plan as it is printed, where two copies are made of it.
    """
    if not given:
        return plan
    plan = _inside(plan, given)
    used = _used(printed(plan), given.names)
    if not used:
        return plan
    return msgspec.structs.replace(
        plan,
        reading=(*plan.reading, Remark(words("pseudonym.note"), words("pseudonym.head"))),
        redactions=(*plan.redactions, *_legend(used, words, looked)),
    )


def words_left(s: Connection, plan: DossierPlan, words: Wording) -> list[str]:
    """A sentence for each pseudonym of a person of whose name a single word is printed, such as a surname.

    It may mean somebody else, or nobody; only a person can say, and give it as a further spelling.
    """
    single = WholeValues(
        (row_label(row, words), "account", word)
        for row in pseudonyms(s, in_use=True)
        if row.kind == "person"
        for value in row.values
        for _, _, word in tokens(value)
        if len(word) > 2 and word.isalpha()
    )
    found: dict[str, dict[str, None]] = {}
    if single:
        for key, value in msgspec.to_builtins(plan).items():
            chapters = (
                {c["label"]: c for c in value} if key in ("exhibits", "findings") else {"": value}
            )
            for where, chapter in chapters.items():
                for text in every_text(chapter):
                    for _, _, name in single.places(text):
                        found.setdefault(name, {})[where] = None
    return [
        words("pseudonym.word_left", name=name, where=", ".join(filter(None, where)) or "–")
        for name, where in sorted(found.items())
    ]


def given_by(s: Connection, words: Wording) -> dict[str, str]:
    """Who gave each pseudonym, and below that who checked it and when, by what is printed for it."""
    looked = {c.id: c for c in checks(s, []) if c.kind == "pseudonym"}
    found = {}
    for row in pseudonyms(s, in_use=True):
        one = looked[row.id]
        found[row_label(row, words)] = "\n".join(
            [", ".join(one.made_by), *([checked_words(one, words)] if one.by else [])]
        )
    return found


def checked_words(one: Checked, words: Wording) -> str:
    """Who checked a redaction or a pseudonym, what was said, and when."""
    return words(f"redacted.{one.state}", by=one.by, day=short_day(one.at_us, words))


def _legend(
    used: Mapping[str, dict[str, None]], words: Wording, looked: Mapping[str, str]
) -> tuple[Block, ...]:
    columns = (
        Column(words("pseudonym.column"), 22), Column(words("column.exhibits"), 42),
        Column(words("column.by"), 36),
    )  # fmt: skip
    rows = tuple(
        (name, ", ".join(where) or "–", looked.get(name, "–"))
        for name, where in sorted(used.items())
    )
    return (
        Remark(words("pseudonym.intro"), words("pseudonym.head")),
        Grid(columns, rows, words("pseudonym.list")),
        Remark(words("pseudonym.key_note"), small=True),
    )


def _used(plan: DossierPlan, names: Iterable[str]) -> dict[str, dict[str, None]]:
    """Every pseudonym that is printed, and the exhibits in which it is."""
    label_of = re.compile("|".join(map(re.escape, sorted(names))))
    found: dict[str, dict[str, None]] = {}
    whole = msgspec.to_builtins(plan)
    for key, value in whole.items():
        chapters = value if key in ("exhibits", "findings") else ()
        for chapter in chapters:
            for text in every_text(chapter):
                for name in label_of.findall(text):
                    found.setdefault(name, {})[chapter["label"]] = None
        if not chapters:
            for text in every_text(value):
                for name in label_of.findall(text):
                    found.setdefault(name, {})
    return found


def _inside(value: Any, given: Given) -> Any:
    """A part of a plan with every text of it cleaned, but for what programs find things by."""
    if isinstance(value, str):
        return clean_text(value, given)
    if isinstance(value, tuple):
        return tuple(_inside(each, given) for each in value)
    if isinstance(value, Mapping):
        return {key: _inside(each, given) for key, each in value.items()}
    if isinstance(value, Side):
        return _side(value, given)
    if isinstance(value, msgspec.Struct):
        kept = _KEPT.get(type(value), _FACE)
        changed = {
            name: _inside(getattr(value, name), given)
            for name in value.__struct_fields__
            if name not in kept
        }
        return msgspec.structs.replace(value, **changed)
    return value


def _side(side: Side, given: Given) -> Side:
    """One side of a pair; its marks stay where they were, around a pseudonym where one is in them."""
    text, moved, last = "", [], 0
    for start, stop, name in given.places(side.text):
        text += side.text[last:start] + name
        moved.append((start, stop, len(text) - len(name), len(text)))
        last = stop
    text += side.text[last:]

    def place(at: int, *, end: bool) -> int:
        shift = 0
        for start, stop, new_start, new_stop in moved:
            if start < at < stop:
                return new_stop if end else new_start
            if stop <= at:
                shift = new_stop - stop
        return at + shift

    marks = tuple(
        Mark(m.no, place(m.start, end=False), place(m.stop, end=True)) for m in side.marks
    )
    title, detail = clean_text(side.title, given), clean_text(side.detail, given)
    return msgspec.structs.replace(side, title=title, detail=detail, text=text, marks=marks)


def row_label(row: PseudonymRow, words: Wording) -> str:
    """What stands on paper for the values of a row, in its brackets."""
    return f"[{label(row.kind, row.id, words)}]"
