"""A run of a conversation on paper: the exhibit among the messages before and after it."""

from __future__ import annotations

from collections.abc import Sequence

from casekit.dossier.sections.common import (
    ASSUMED,
    Context,
    grouped,
    instant,
    place,
    plain,
    printed_us,
)
from casekit.dossier.sheet import Block, Remark, Spoken, Talk
from casekit.dossier.wording import Wording
from casekit.queries.conversations import Around
from casekit.queries.items import ItemView

LONGEST = 4_000
"""Characters of a neighbour; the exhibit's own words stand whole above the run."""

NOTED = ("event", "edited", "deleted", "quoted", "forwarded", "attachments", "reactions")

Neighbour = tuple[ItemView, str]
"""A message, and on which ground it is withheld, or empty."""


def blocks(
    view: ItemView, around: Around, before: Sequence[Neighbour], after: Sequence[Neighbour],
    context: Context,
) -> tuple[Block, ...]:  # fmt: skip
    """The run with the day above each day's messages, and what it is printed for."""
    words = context.words
    first = around.position - len(before)
    run = [*before, (view, ""), *after]
    said = tuple(
        _spoken(each, basis, number, context, marked=each is view)
        for number, (each, basis) in enumerate(run, first)
    )
    heading = words(
        "talk.heading", name=view.conversation, first=f"{first:,}", last=f"{first + len(run) - 1:,}",
        total=f"{around.total:,}",
    )  # fmt: skip
    return Talk(said, heading), Remark(words("talk.note"), small=True)


def _spoken(
    view: ItemView, basis: str, number: int, context: Context, *, marked: bool
) -> Spoken:  # fmt: skip
    words = context.words
    day, time = _when(view, words)
    if basis:
        text = words("talk.withheld", basis=basis)
        return Spoken(number, day, time.partition("\n")[0], "", text, own=True)
    text = view.text("body")
    own = not text
    if own:
        text = view.row.title or words("message.no_text")
    if len(text) > LONGEST:
        text = words("talk.cut", text=text[:LONGEST], n=f"{len(text) - LONGEST:,}")
    who = view.row.sender or words("talk.nobody")
    if marked:
        who = words("talk.exhibit", who=who)
    hidden = view.row.id in context.redacted
    source = f"{place(view, words)}\n{words('redacted.hash') if hidden else grouped(view.sha256)}"
    return Spoken(number, day, time, who, text, _notes(view, words), source, marked=marked, own=own)


def _when(view: ItemView, words: Wording) -> tuple[str, str]:
    """The day in UTC, and the time with its zone above the source's own text."""
    us = printed_us(view)
    if us is None:
        return words("talk.no_day"), view.sent_raw or words("talk.no_time")
    day, _, time = instant(us, view.sent_resolution_us).partition(" ")
    assumed = words(f"talk.{state}") if (state := view.row.time.state) in ASSUMED else ""
    return day, "\n".join(filter(None, (time or words("talk.no_time"), view.sent_raw, assumed)))


def _notes(view: ItemView, words: Wording) -> str:
    known = view.facts or {}
    return " · ".join(
        words(f"talk.{name}", value=plain(known[name])) for name in NOTED if known.get(name)
    )
