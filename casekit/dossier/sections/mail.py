"""Correspondence on paper: parties, body, attachments, and every header field as received."""

from __future__ import annotations

from collections.abc import Sequence

from casekit.dossier.sections.common import (
    Context,
    facts,
    grouped,
    origin_facts,
    place,
    source_text,
    when_facts,
)
from casekit.dossier.sheet import Block, Column, Fact, Facts, Grid, Prose
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView

ROLES = ("from", "sender", "reply-to", "to", "cc", "bcc")


def title(view: ItemView, words: Wording) -> str:
    """The subject."""
    return view.mail.get("subject") or view.row.title or words("mail.no_subject")


def summary(view: ItemView, words: Wording) -> str:
    """From whom to whom, for the index."""
    return words("mail.summary", sender=_first(view, "from"), to=_first(view, "to"))


def blocks(view: ItemView, children: Sequence[ItemView], context: Context) -> tuple[Block, ...]:
    """Facts, body, attachments and header fields of one message; attachments follow by themselves."""
    words = context.words
    found: list[Block] = [Facts((*_facts(view, words), *origin_facts(view, context)))]
    found += [
        source_text(words.get(f"part.{part}", part.upper()), text, view.row.id, part)
        if part == "html"
        else Prose(words.get(f"part.{part}", part.upper()), text, view.row.id, part)
        for part, text in view.texts
    ]
    if children:
        found.append(_attachments(children, context))
    headers = view.mail.get("headers", ())
    if headers:
        columns = (
            Column(words("column.field"), 22, "mono"),
            Column(words("column.value"), 78, "mono"),
        )
        rows = tuple((str(name), str(value)) for name, value in headers)
        found.append(Grid(columns, rows, words("heading.headers", n=f"{len(rows):,}")))
    return tuple(found)


def people(view: ItemView, words: Wording) -> list[tuple[str, str]]:
    """Who appears in it, a pair of role and names for each role."""
    return [
        (
            words.get(f"role.{role}", role),
            ", ".join(_party(name, address) for r, name, address in view.parties if r == role),
        )
        for role in (*ROLES, *sorted({r for r, _, _ in view.parties} - set(ROLES)))
    ]


def _facts(view: ItemView, words: Wording) -> tuple[Fact, ...]:
    mail = view.mail
    return facts(
        (words("facts.evidence"), place(view, words)),
        *people(view, words),
        *when_facts(view, words, words("facts.sent")),
        (words("facts.subject"), mail.get("subject", "")),
        Fact(words("facts.message_id"), mail.get("message_id", ""), "mono"),
        Fact(words("facts.in_reply_to"), " ".join(mail.get("in_reply_to", ())), "mono"),
        Fact(words("facts.references"), " ".join(mail.get("refs", ())), "mono"),
        Fact(words("facts.mih"), mail.get("mih", ""), "mono"),
    )


def _attachments(children: Sequence[ItemView], context: Context) -> Grid:
    words = context.words
    columns = (
        Column(words("column.name"), 30), Column(words("column.type"), 20),
        Column(words("column.size"), 12), Column(words("column.sha256"), 38, "mono"),
    )  # fmt: skip
    rows = []
    for child in children:
        label = context.labels.get(child.row.id)
        name = child.row.name or child.row.title
        if label:
            name = words("mail.also_exhibit", name=name, label=label[0])
        elif child.row.kind == "file":
            name = words("mail.not_printed", name=name)
        size = words("size.bytes", n=f"{child.row.size:,}")
        digest = grouped(child.sha256, 2)
        if child.row.id in context.redacted:
            size, digest = "–", words("redacted.hash")
        rows.append((name, child.row.media_type, size, digest))
    return Grid(columns, tuple(rows), words("heading.attachments"))


def _first(view: ItemView, role: str) -> str:
    found = [name or address for r, name, address in view.parties if r == role]
    more = f" +{len(found) - 1}" if len(found) > 1 else ""
    return f"{found[0]}{more}" if found else "–"


def _party(name: str, address: str) -> str:
    if name and address:
        return f"{name} <{address}>"
    return name or address
