"""An address book (vCard): each card a contact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest.cards.blocks import Block, inline_file, not_closed
from casekit.ingest.cards.file import CardFile
from casekit.ingest.cards.lines import Line, split
from casekit.ingest.cards.moments import Zones, read_moment
from casekit.ingest.charsets import facts_text
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem

MEDIA_TYPE = "text/vcard"

_FILES = ("PHOTO", "LOGO", "SOUND", "KEY")
_FACTS = {
    "uid": "UID", "title": "TITLE", "role": "ROLE", "birthday": "BDAY", "nickname": "NICKNAME",
    "categories": "CATEGORIES", "version": "VERSION", "kind": "KIND", "program": "PRODID",
}  # fmt: skip
_LISTS = {"phones": "TEL", "urls": "URL", "chat": "IMPP", "related": "RELATED", "members": "MEMBER"}
_NOT_SHOWN = frozenset((*_FILES, "VERSION", "PRODID", "UID", "REV", "X-ABLABEL", "AGENT"))
_MOST = 1000
"""Values of one kind that are kept of a card."""


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Read an address book of any version; each item's bytes are its card's lines.

    Source: RFC 6350 (4.0), RFC 2426 (3.0), versit vCard 2.1.
    """
    file = CardFile(untrusted_data)
    for block in file.root.blocks:
        if block.name == "VCARD":
            yield _card(block, file, context)
    yield from file.rest()


def _card(block: Block, file: CardFile, context: Context) -> Parsed:
    step = file.take(block)
    name = _name(block)
    addresses = [line.text.strip() for line in block.all("EMAIL")[:_MOST] if line.text.strip()]
    made = Parsed(
        "contact",
        "correspondence",
        name or next(iter(addresses), ""),
        (step,),
        step.sha256,
        step.length,
        media_type=MEDIA_TYPE,
        texts=(("body", "\n".join(_shown(block))[:MAX_TEXT]),),
        when=read_moment(block.first("REV"), Zones([], b"")),
        parties=tuple(Party("actor", name, one) for one in addresses or [""] if name or one),
        facts=facts_text(_facts(block)),
        children=tuple(_files(block, file.data, context)) if file.placed else (),
    )
    return msgspec.structs.replace(made, problems=not_closed(made, block))


def _name(block: Block) -> str:
    full = " ".join(block.text("FN").split())
    if full:
        return full
    parts = block.first("N")
    if parts is not None:
        family, given, middle, before, after = (split(parts.raw_text) + [""] * 5)[:5]
        full = " ".join(part for part in (before, given, middle, family, after) if part)
    return full or " ".join(part for part in _organisation(block) if part)


def _organisation(block: Block) -> list[str]:
    line = block.first("ORG")
    return split(line.raw_text) if line is not None else []


def _shown(block: Block) -> Iterator[str]:
    """The card as lines for a reader: what a value is called, and the value."""
    labels = {line.group: line.text for line in block.all("X-ABLABEL") if line.group}
    for line in block.lines:
        if not line.name or line.name in _NOT_SHOWN:
            continue
        value = ", ".join(part for part in split(line.raw_text) if part)
        if line.name == "NOTE":
            value = line.text
        if value.strip():
            yield f"{labels.get(line.group) or _label(line)}: {value}"


def _label(line: Line) -> str:
    kinds = line.parameters.get("TYPE", "") or ",".join(
        name for name, value in line.parameters.items() if not value
    )
    kinds = ", ".join(kind for kind in kinds.lower().split(",") if kind and kind != "internet")
    return f"{line.name} ({kinds})" if kinds else line.name


def _facts(block: Block) -> dict[str, object]:
    found: dict[str, object] = {key: block.text(name) for key, name in _FACTS.items()}
    for key, name in _LISTS.items():
        found[key] = [line.text.strip() for line in block.all(name)[:_MOST]]
    found["organisation"] = ", ".join(part for part in _organisation(block) if part)
    found["addresses"] = [
        ", ".join(part for part in split(line.raw_text) if part)
        for line in block.all("ADR")[:_MOST]
    ]
    return found


def _files(block: Block, data: bytes, context: Context) -> Iterator[Parsed]:
    from casekit.ingest.parts import read_part  # here, because parts read cards in their turn

    for line in block.lines:
        if line.name not in _FILES:
            continue
        name = line.name.lower()
        held: Any = inline_file(data, block, line, name)
        if held is None:
            continue
        step, given = held
        kind = line.parameters.get("MEDIATYPE") or line.parameters.get("TYPE", "")
        made = read_part(given, name, kind.lower(), context)
        yield msgspec.structs.replace(made, steps=(step,))
