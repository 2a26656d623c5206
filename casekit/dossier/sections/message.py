"""Messages of a chat on paper: who said what to whom, when as printed, and what the service says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.dossier.sections.common import (
    Context,
    facts,
    origin_facts,
    place,
    plain,
    source_text,
    values_grid,
    when_facts,
)
from casekit.dossier.sections.mail import people
from casekit.dossier.sheet import Block, Fact, Facts, Prose
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView

SHOWN = ("team", "event", "subject", "edited", "deleted", "left_out")
"""Facts that stand in the exhibit's head; the others follow in a table."""

PLACED = ("service", "chat", "channel", "id", "thread", "reply_to", *SHOWN)


def title(view: ItemView, words: Wording) -> str:
    """The first line of what was said."""
    return view.row.title or words("message.no_text")


def summary(view: ItemView, words: Wording) -> str:
    """Who said it and where, for the index."""
    known = view.facts or {}
    where = known.get("channel") or known.get("chat") or known.get("service") or ""
    return words("message.summary", sender=view.row.sender or "–", where=where or "–")


def blocks(view: ItemView, context: Context) -> tuple[Block, ...]:
    """Facts, the words with numbered lines, and what else the source says of the message."""
    words = context.words
    known = view.facts or {}
    found: list[Block] = [Facts((*_facts(view, known, words), *origin_facts(view, context)))]
    found += [
        source_text(words.get(f"part.{part}", part.upper()), text, view.row.id, part)
        if part == "html"
        else Prose(words.get(f"part.{part}", part.upper()), text, view.row.id, part)
        for part, text in view.texts
    ]
    rest = {name: value for name, value in known.items() if name not in PLACED}
    if rest:
        found.append(values_grid(rest, words, words("heading.message")))
    return tuple(found)


def _facts(view: ItemView, known: Mapping[str, Any], words: Wording) -> tuple[Fact, ...]:
    channel, chat = plain(known.get("channel", "")), plain(known.get("chat", ""))
    return facts(
        (words("facts.evidence"), place(view, words)),
        (words("facts.service"), plain(known.get("service", ""))),
        (words("facts.channel"), channel or chat),
        *people(view, words),
        *when_facts(view, words, words("facts.sent")),
        *((words(f"message.{name}"), plain(known[name])) for name in SHOWN if known.get(name)),
        Fact(words("facts.message_number"), plain(known.get("id", "")), "mono"),
        Fact(words("facts.in_thread"), plain(known.get("thread", "")), "mono"),
        Fact(words("facts.answers"), plain(known.get("reply_to", "")), "mono"),
    )
