"""Rectangles of pages that are withheld: which they are, and which words of a page lie under them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import orjson
from sqlalchemy import Connection, select

from casekit.queries.spacing import joined
from casekit.store.tables import redaction_box

WHOLE = 1_000_000
"""A side is given in millionths of the page's width or height as it is shown, from its top left corner."""

_GRAZED = 0.1
"""A word that is grazed by less than this share of its shorter side is not touched."""
_MOSTLY = 0.3
"""A word of which this share lies under a box is withheld wherever else it stands."""
_INSIDE = 0.9
"""A word of which this share lies in what is kept is shown."""


class Placed(Protocol):
    """Anything with four sides, in millionths of the page as shown, from its top left corner."""

    @property
    def left(self) -> int: ...  # noqa: D102 - the class says it
    @property
    def top(self) -> int: ...  # noqa: D102
    @property
    def right(self) -> int: ...  # noqa: D102
    @property
    def bottom(self) -> int: ...  # noqa: D102


class Box(Placed, Protocol):
    """A rectangle that hides what it covers (`hide`), or all that it does not (`keep`)."""

    @property
    def kind(self) -> str: ...  # noqa: D102


B = TypeVar("B", bound=Box)


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of a page, its sides in millionths of the page as shown."""

    left: int
    top: int
    right: int
    bottom: int


EVERYTHING = Rect(0, 0, WHOLE, WHOLE)


@dataclass(frozen=True, slots=True)
class BoxWord:
    """A word of a page and where it stands.

    Attributes:
        start: Its first character in the page's text, `stop` the one after the last; -1 where they are not
            known, as of what a machine read.
    """

    text: str
    left: int
    top: int
    right: int
    bottom: int
    start: int = -1
    stop: int = -1


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A rectangle of a page.

    Attributes:
        kind: `hide`: no export shows it; `keep`: of its page, exports show what is kept and nothing else.
        elsewhere: The same words may be shown elsewhere, such as those of a running head.
        source: What told the words: `text` for the page's own text, the name of an engine, or empty where
            nobody knows what words stand there.
        words: Of `hide` those that it touches, of `keep` those of the whole page, in reading order.
    """

    id: int
    item_id: int
    page: int
    kind: str
    left: int
    top: int
    right: int
    bottom: int
    elsewhere: bool
    source: str
    words: tuple[BoxWord, ...]
    reason: str
    authority: str
    by: str
    at_us: int


def boxes(s: Connection, item_ids: Sequence[int] | None = None) -> list[BoxRow]:
    """The rectangles of some items, or of all, in order of item, page and number."""
    query = select(redaction_box).order_by(
        redaction_box.c.item_id, redaction_box.c.page, redaction_box.c.id
    )
    if item_ids is not None:
        query = query.where(redaction_box.c.item_id.in_(list(item_ids)))
    return [_row(each) for each in s.execute(query)]


def boxed_items(s: Connection) -> set[int]:
    """The items that have any."""
    return set(s.execute(select(redaction_box.c.item_id).distinct()).scalars())


def encode_words(words: Iterable[BoxWord]) -> str:
    """Words as they are stored."""
    return orjson.dumps(
        [(w.text, w.left, w.top, w.right, w.bottom, w.start, w.stop) for w in words]
    ).decode()


def _row(row: Any) -> BoxRow:
    values = row._asdict()
    values["elsewhere"] = bool(row.elsewhere)
    values["authority"] = row.authority or ""
    values["words"] = tuple(BoxWord(*each) for each in orjson.loads(row.words))
    return BoxRow(**values)


def on_page(rows: Iterable[BoxRow], page: int) -> list[BoxRow]:
    """Those of one page."""
    return [row for row in rows if row.page == page]


def hides(rows: Sequence[B], word: Placed) -> B | None:
    """The rectangle that withholds a word of its page; None if the word is shown.

    Args:
        rows: All rectangles of the page.
        word: Where it stands.
    """
    for row in rows:
        if row.kind == "hide" and touches(row, word):
            return row
    keeps = [row for row in rows if row.kind == "keep"]
    if keeps and not any(_share(row, word) >= _INSIDE for row in keeps):
        return keeps[0]
    return None


def touches(area: Placed, word: Placed) -> bool:
    """Whether a rectangle covers more of a word than a hair."""
    wide, high = _overlap(area, word)
    hair = _GRAZED * min(word.right - word.left, word.bottom - word.top)
    return wide > hair and high > hair if hair > 0 else wide >= 0 and high >= 0


def hidden_words(rows: Sequence[BoxRow]) -> list[tuple[BoxWord, BoxRow]]:
    """The words of a page that are withheld, in reading order, each with the rectangle that does it."""
    found: dict[BoxWord, BoxRow] = {}
    for row in rows:
        for word in row.words:
            by = hides(rows, word)
            if by is not None:
                found.setdefault(word, by)
    keys = {word: n for n, word in enumerate(found)}
    return sorted(
        found.items(),
        key=lambda pair: (pair[0].start if pair[0].start >= 0 else WHOLE, keys[pair[0]]),
    )


def hidden_spans(rows: Sequence[BoxRow], text: str) -> list[tuple[int, int, BoxRow]] | None:
    """Which characters of a page's text are withheld; None where it is not known.

    Words of one rectangle with nothing but space between them are one span.

    Args:
        rows: All rectangles of the page.
        text: The page's own text.
    """
    if any(row.source != "text" for row in rows):
        return None
    spans: list[tuple[int, int, BoxRow]] = []
    for word, row in hidden_words(rows):
        if not 0 <= word.start < word.stop <= len(text):
            return None
        last = spans[-1] if spans else None
        if last and last[2] is row and not text[last[1] : word.start].strip():
            spans[-1] = (last[0], word.stop, row)
        else:
            spans.append((word.start, word.stop, row))
    return spans


def box_passages(rows: Iterable[BoxRow]) -> Iterator[tuple[BoxRow, str]]:
    """Each rectangle with the words that it withholds wherever else they stand.

    Words that it merely grazes are not among them, nor those of which somebody said that they may be
    shown elsewhere.
    """
    pages: dict[tuple[int, int], list[BoxRow]] = {}
    for row in rows:
        pages.setdefault((row.item_id, row.page), []).append(row)
    for some in pages.values():
        told: dict[int, list[str]] = {}
        for word, row in hidden_words(some):
            if row.kind == "keep" or _share(row, word) >= _MOSTLY:
                told.setdefault(row.id, []).append(word.text)
        for row in some:
            if not row.elsewhere and row.id in told:
                yield row, joined(told[row.id])


def areas(rows: Sequence[B]) -> list[tuple[Rect, B]]:
    """What is painted over of a page: the rectangles themselves, and all that lies round what is kept."""
    keeps = [row for row in rows if row.kind == "keep"]
    found = [(rect, keeps[0]) for rect in _around(keeps)] if keeps else []
    found += [(_rect(row), row) for row in rows if row.kind == "hide"]
    return found


def _around(keeps: Sequence[Placed]) -> list[Rect]:
    """The page without some rectangles, in bands from top to bottom."""
    bands = sorted({0, WHOLE, *(y for k in keeps for y in (k.top, k.bottom))})
    found: list[Rect] = []
    for top, bottom in itertools.pairwise(bands):
        at = 0
        inside = sorted((k.left, k.right) for k in keeps if k.top <= top and bottom <= k.bottom)
        for left, right in (*inside, (WHOLE, WHOLE)):
            if left > at:
                found.append(Rect(at, top, left, bottom))
            at = max(at, right)
    return found


def _rect(row: Placed) -> Rect:
    return Rect(row.left, row.top, row.right, row.bottom)


def _overlap(area: Placed, word: Placed) -> tuple[int, int]:
    return (
        min(area.right, word.right) - max(area.left, word.left),
        min(area.bottom, word.bottom) - max(area.top, word.top),
    )


def _share(area: Placed, word: Placed) -> float:
    """How much of a word lies in a rectangle, from 0 to 1."""
    wide, high = _overlap(area, word)
    own = max(1, word.right - word.left) * max(1, word.bottom - word.top)
    return max(0, wide) * max(0, high) / own if wide > 0 and high > 0 else 0.0
