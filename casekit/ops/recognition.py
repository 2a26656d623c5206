"""Text that a program made of pixels: written beside an item's own text, with who made it and from what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from casekit import clock
from casekit.ops.journal import Act, Changes
from casekit.store.tables import machine_text


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read of one page.

    Attributes:
        item_id: The item.
        part: `page/n`, from 1; a picture has as many pages as frames.
        text: What was read; empty where nothing was found, which is kept so that nobody reads it again.
        engine: The program.
        version: Its version.
        language: What it was told to expect, in its own words, such as `eng+deu`.
        dpi: Dots an inch the page was drawn at; 0 for a picture in its own pixels.
        confidence: The engine's own mean over its words, in percent; None where it gives none.
        pixels_sha256: SHA-256 of the PNG it read.
    """

    item_id: int
    part: str
    text: str
    engine: str
    version: str
    language: str
    dpi: int
    confidence: int | None
    pixels_sha256: bytes


def add_machine_texts(s: Connection, pages: Sequence[Recognised]) -> Changes:
    """Write what was read of some pages; a recognition of the same page by another engine stays."""
    act = Act(s, "text.recognise", f"Text recognised on {len(pages)} pages")
    for page in pages:
        columns = {
            "item_id": page.item_id, "part": page.part, "text": page.text, "engine": page.engine,
            "version": page.version, "language": page.language, "dpi": page.dpi,
            "confidence": page.confidence, "pixels_sha256": page.pixels_sha256,
            "at_us": clock.now_us(),
        }  # fmt: skip
        act.insert(machine_text, columns)
    return act.record({"items"}, dict.fromkeys(page.item_id for page in pages), undoable=False)
