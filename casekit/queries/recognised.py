"""Text that a program made of pixels, and the pages that still have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Select, select

from casekit.store.tables import item, item_text, machine_text

MARK = "ocr/"
"""Stands before the part of every text that a machine made, wherever parts are named."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class MachineText:
    """What was read of one page; `confidence` is the engine's own, in percent.

    `version` holds all that decides what is read, such as the hashes of models, behind the first comma.
    `part` is `ocr/page/n`, and `ocr/page/n~2` where it is the second that was read of the same page.
    """

    part: str
    text: str
    engine: str
    version: str
    language: str
    dpi: int
    confidence: int | None
    pixels_sha256: bytes

    @property
    def page(self) -> str:
        """The page's number, from 1."""
        return self.part.rpartition("/")[2].partition("~")[0]


def short_version(version: str) -> str:
    """An engine's version without what else decides what it reads."""
    return version.partition(",")[0]


@dataclass(frozen=True, slots=True)
class Wanting:
    """An item with pages that have no text, by a person's hand or a machine's."""

    id: int
    kind: str
    media_type: str
    pages: tuple[int, ...]


def machine_texts(s: Connection, item_id: int) -> list[MachineText]:
    """What machines read of an item, in the order it was written; empty pages are left out."""
    m = machine_text.c
    rows = s.execute(
        select(
            m.part, m.text, m.engine, m.version, m.language, m.dpi, m.confidence, m.pixels_sha256
        )
        .where(m.item_id == item_id, m.text != "")
        .order_by(m.id)
    )
    seen = Counter[str]()
    found = []
    for row in rows:
        seen[row.part] += 1
        found.append(MachineText(marked(row.part, seen[row.part]), *row[1:]))
    return found


def marked(part: str, reading: int) -> str:
    """The name of what a machine read of a part, at its first, second … reading."""
    return f"{MARK}{part}" if reading == 1 else f"{MARK}{part}~{reading}"


def wanting(
    s: Connection, ids: Iterable[int], engine: str, version: str, language: str
) -> list[Wanting]:
    """Which of some items have pages without text that this engine has not looked at yet in this language.

    Pictures and PDFs are asked about; what else has pages has its text in its own form.
    """
    m = machine_text.c
    by_it = (m.engine == engine, m.version == version, m.language == language)
    found = _wanting(s, ids, select(m.item_id, m.part).where(*by_it))
    return [each for each in found if each.pages]


def unread(s: Connection, ids: Iterable[int]) -> list[int]:
    """Which pictures and PDFs have pages without text that no engine has looked at, or could not be opened."""
    read = select(machine_text.c.item_id, machine_text.c.part)
    return [each.id for each in _wanting(s, ids, read)]


def _wanting(s: Connection, ids: Iterable[int], read: Select[tuple[int, str]]) -> list[Wanting]:
    found: list[Wanting] = []
    asked = list(ids)
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        seen = _pages(s, some, read)
        rows = s.execute(
            select(item.c.id, item.c.kind, item.c.media_type, item.c.pages)
            .where(item.c.id.in_(some))
            .where((item.c.kind == "image") | (item.c.media_type == "application/pdf"))
            .order_by(item.c.id)
        )
        for id_, kind, media_type, pages in rows:
            known = seen.get(id_, set())
            left = tuple(n for n in range(1, (pages or 0) + 1) if f"page/{n}" not in known)
            if left or not (pages or known):
                found.append(Wanting(id_, kind, media_type, left))
    return found


def _pages(s: Connection, ids: list[int], read: Select[tuple[int, str]]) -> dict[int, set[str]]:
    """Parts of each item that have a text of their own, or were read as `read` says."""
    seen: dict[int, set[str]] = {}
    own = select(item_text.c.item_id, item_text.c.part).where(item_text.c.item_id.in_(ids))
    for query in (own, read.where(machine_text.c.item_id.in_(ids))):
        for id_, part in s.execute(query):
            seen.setdefault(id_, set()).add(part)
    return seen
