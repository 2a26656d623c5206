"""What each thing on a page is to a reader who cannot see it: heading, paragraph, cell, figure, link.

A tree of elements is grown while pages are laid out, and their content is marked while it is drawn. What
stands there for the eye alone, such as rules, running heads and repeated table heads, is an artifact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

GROUPS = frozenset({"Sect", "Div", "Table", "TR"})
"""Elements that hold others and nothing drawn."""
ARTIFACT = "Artifact"


@dataclass(slots=True, eq=False)
class Tag:
    """One element, by its standard role (ISO 32000-1, 14.8.4).

    Attributes:
        artifact: It is, or stands in, what the eye alone needs.
        marks: Its content in reading order: (page number, number of the mark on that page).
        alt: What is said in place of a figure.
        scope: Of a header cell: `Row` or `Column`.
        box: Left, bottom, right, top of a figure, in points.
    """

    role: str
    artifact: bool = False
    inside: list[Tag] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    alt: str = ""
    scope: str = ""
    box: tuple[float, float, float, float] | None = None

    def add(self, role: str, alt: str = "", scope: str = "") -> Tag:
        """A new element at the end of this one."""
        made = Tag(role, self.artifact or role == ARTIFACT, alt=alt, scope=scope)
        self.inside.append(made)
        return made

    def leaf(self, role: str) -> Tag:
        """What drawn content belongs to here: this element, or a new one if this holds only others."""
        return self.add(role) if self.role in GROUPS else self


class Marks:
    """The marks of one page being drawn; each piece of content stands in exactly one.

    Args:
        canvas: Takes literal operators through `addLiteral`.
        page: Its number.
    """

    def __init__(self, canvas: Any, page: int) -> None:
        self._canvas = canvas
        self._page = page
        self._next = 0
        self._open: Tag | str | None = None

    def begin(self, tag: Tag | None) -> None:
        """What is drawn from here on belongs to `tag`, or is for the eye alone."""
        now: Tag | str = ARTIFACT if tag is None or tag.artifact else tag
        if now is self._open:
            return
        self.end()
        self._open = now
        if isinstance(now, str):
            self._canvas.addLiteral("/Artifact <</Type /Layout>> BDC")
            return
        self._canvas.addLiteral(f"/{now.role} <</MCID {self._next}>> BDC")
        now.marks.append((self._page, self._next))
        self._next += 1

    def running(self) -> None:
        """What is drawn from here on is a running head or foot."""
        self.end()
        self._open = "running"
        self._canvas.addLiteral("/Artifact <</Type /Pagination>> BDC")

    def end(self) -> None:
        """Close the mark that is open."""
        if self._open is not None:
            self._canvas.addLiteral("EMC")
        self._open = None


def spoken(text: str) -> str:
    """The operator that opens a span whose text a reader shall take as `text`."""
    return f"/Span <</ActualText <{(chr(0xFEFF) + text).encode('utf-16-be').hex().upper()}>>> BDC"
