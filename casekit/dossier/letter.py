"""The facts of a letter that takes back what has left: numbers, productions, dates, recipients and basis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

import casekit
from casekit import clock
from casekit.dossier import pseudonyms
from casekit.dossier.cleaning import clean
from casekit.dossier.companion import Companion, visible
from casekit.dossier.sections import caption
from casekit.dossier.sections.common import instant, short_day
from casekit.dossier.sheet import Column, Grid
from casekit.dossier.wording import Wording, wording
from casekit.queries import matter as matter_queries
from casekit.queries.clawback import Left
from casekit.store import custody


def letter(s: Connection, taken: Sequence[Left]) -> Companion:
    """The letter's facts under the caption, to be edited and signed by counsel; nothing of any content."""
    matter = matter_queries.get(s)
    words = wording(matter.profile or "neutral")
    seq, at_us = custody.head(s), clock.now_us()
    title = words("clawback.title")
    cover = caption.cover(
        matter, words, title=title, designation="", offered_by=matter.offered_by, draft=False,
        at_us=at_us, state=(seq, custody.tree_root(s).hex()), counts="", version=casekit.__version__,
    )  # fmt: skip
    columns = (
        Column(words("clawback.numbers"), 24, "mono"), Column(words("clawback.production"), 22),
        Column(words("clawback.made"), 14), Column(words("clawback.sent_to"), 26),
        Column(words("clawback.basis"), 18), Column(words("clawback.reason"), 30),
    )  # fmt: skip
    rows = clean(
        tuple(row for one in taken for row in _rows(one, words)), pseudonyms.of_case(s, words)
    )
    return Companion(
        kind="index", title=title, cover=cover, head=caption.head(matter, ""),
        before=(words("clawback.claim"), words("clawback.ask")), grid=Grid(columns, rows),
        after=(words("clawback.law"),),
        state=words("companion.state", seq=f"{seq:,}", date=instant(at_us, 1_000_000),
                    version=casekit.__version__),
        at_us=at_us, page=words("companion.page"), cut=words("companion.cut"),
        paper="letter" if words.profile == "us-federal" else "a4", language=words("language"),
        landscape=False,
    )  # fmt: skip


def text_of(made: Companion) -> str:
    """The same as plain text."""
    lines = [made.title, "", " · ".join(part for part in made.head if part), ""]
    for paragraph in made.before:
        lines += [paragraph, ""]
    for row in made.grid.rows:
        cells = zip(made.grid.columns, row, strict=True)
        lines += [f"{column.title}: {visible(cell)}" for column, cell in cells if cell] + [""]
    return "\n".join([*lines, *made.after, "", made.state]) + "\n"


def _rows(one: Left, words: Wording) -> Iterator[tuple[str, ...]]:
    numbers = one.first if one.first == one.last else f"{one.first} – {one.last}"
    basis = words.get(f"basis.{one.basis}", one.basis)
    for made in one.made or (("", "", 0),):
        title, _kind, at_us = made
        went = "\n".join(who for who in one.sent_to if who.endswith(f"({title})"))
        yield numbers, title, short_day(at_us or None, words), went, basis, one.reason
