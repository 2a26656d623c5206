"""Documents, images, events, contacts and kept files on paper: pages as pictures, else their text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from casekit.dossier.boxes import page_boxes
from casekit.dossier.sections.common import (
    Context,
    facts,
    flattened,
    hash_facts,
    origin_facts,
    place,
    source_text,
    values_grid,
    when_facts,
)
from casekit.dossier.sections.foreign import TOLD, left_out
from casekit.dossier.sections.mail import people
from casekit.dossier.sheet import Block, Facts, Pages, PageText, Prose, Remark
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView

_DATA = re.compile(r"json|csv|xml$|javascript|x-python")
PAGE = re.compile(r"page/(\d+)")
"""The part of an item that is the text of one of its pages."""


def title(view: ItemView, words: Wording) -> str:
    """The document's own title or its file's name."""
    return view.row.title or view.row.name or words(f"kind.{view.row.kind}")


def page_count(view: ItemView) -> int:
    """How many pages of pictures the item has: of a PDF its pages, of an image its frames, else none."""
    if view.row.media_type == "application/pdf":
        return view.row.pages or 0
    return (view.row.pages or 1) if view.row.kind == "image" else 0


def is_pictured(view: ItemView) -> bool:
    """Whether its pages are printed as pictures: they have some, and their text is told as it is."""
    return page_count(view) > 0 and not view.redactions and not view.pseudonyms


def blocks(view: ItemView, context: Context, *, attached: bool = False) -> tuple[Block, ...]:
    """Facts and what is left out, then pages as pictures with their text behind, or the text itself.

    An attachment's facts are few, because its message has told the rest.
    """
    words = context.words
    pages = page_count(view) if is_pictured(view) else 0
    lost = left_out(view, words) if pages else None
    told = {k: v for k, v in view.facts.items() if k not in TOLD} if lost else view.facts
    found = _attached_facts(view, told, context) if attached else _facts(view, told, context)
    if page_count(view) and not pages:
        found.append(Remark(words("redacted.pages"), small=True))
    if lost:
        found.append(lost)
    if pages:
        found.append(_pages(view, pages, context.spec.dpi, words))
    if pages and context.spec.machine_texts:  # without its pictures it would tell what they show
        found += _read_by_machine(view, words)
    found += _prose(view, words, bool(pages))
    if not pages and not view.texts:
        found.append(Remark(words("document.not_read"), small=True))
    return tuple(found)


def _attached_facts(view: ItemView, properties: Mapping[str, Any], context: Context) -> list[Block]:
    row, words = view.row, context.words
    parts = [row.media_type]
    parts += [] if row.id in context.redacted else [words("size.bytes", n=f"{row.size:,}")]
    parts += [words("size.pages", n=f"{row.pages:,}")] if row.pages else []
    told = " · ".join(f"{k}: {v}" for k, v in flattened(properties))
    problems = ((words("facts.problem"), f"{p.kind}: {p.text}") for p in view.problems)
    return [
        Facts(
            facts(
                (words("facts.kind"), " · ".join(parts)),
                (words("facts.properties"), told),
                hash_facts(view, context)[-1],
                *problems,
            )
        )
    ]


def _facts(view: ItemView, properties: Mapping[str, Any], context: Context) -> list[Block]:
    words, row = context.words, view.row
    size = "" if row.id in context.redacted else words("size.bytes", n=f"{row.size:,}")
    found: list[Block] = [
        Facts(
            (
                *facts(
                    (words("facts.evidence"), place(view, words)),
                    (words("facts.name"), row.name),
                    (words("facts.type"), row.media_type),
                    (words("facts.size"), size),
                    (words("facts.pages"), f"{row.pages:,}" if row.pages else ""),
                    *people(view, words),
                    *when_facts(view, words, words("facts.dated")),
                ),
                *origin_facts(view, context),
            )
        )
    ]
    if properties:
        found.append(values_grid(properties, words, words("heading.properties")))
    return found


def _pages(view: ItemView, count: int, dpi: int, words: Wording) -> Pages:
    texts: dict[int, str] = {}
    for part, text in view.texts:
        match = PAGE.fullmatch(part)
        if match:
            texts[int(match.group(1))] = text
        elif view.row.kind == "image":
            texts[1] = text
    pages = tuple(
        PageText(n, texts.get(n, ""), page_boxes(view.boxes, n, words)) for n in range(1, count + 1)
    )
    return Pages(view.row.id, view.row.name, pages, dpi, inline=view.row.kind == "image")


def _read_by_machine(view: ItemView, words: Wording) -> list[Block]:
    """What machines read in the pictures, each with who read it how, and unnumbered: it is never cited."""
    if not view.read:
        return []
    found: list[Block] = [Remark(words("machine.note"), words("machine.title"), small=True)]
    for read in view.read:
        how = words(
            "machine.how", engine=read.engine, version=read.version, language=read.language,
            dpi=read.dpi, pixels=read.pixels_sha256.hex()[:16],
        )  # fmt: skip
        sure = "machine.sure" if read.confidence is not None else "machine.unsure"
        found.append(
            Remark(
                f"{how} {words(sure, n=read.confidence)}",
                words("machine.page", n=read.page),
                small=True,
            )
        )
        found.append(Prose("", read.text, face="sans", numbered=False))
    return found


def _prose(view: ItemView, words: Wording, as_pictures: bool) -> list[Block]:
    found: list[Block] = []
    for part, text in view.texts:
        match = PAGE.fullmatch(part)
        if as_pictures and (match or view.row.kind == "image"):
            continue
        heading = (
            words("part.page", n=match.group(1))
            if match
            else words.get(f"part.{part}", part.upper())
        )
        make = source_text if _DATA.search(view.row.media_type) else Prose
        found.append(make(heading, text, view.row.id, part))
    return found
