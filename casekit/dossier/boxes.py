"""Boxes burned in: pixels painted before they are printed, words taken out, both proved on what was made."""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw
from sqlalchemy import Connection, select

from casekit.dossier.behind import Spot, letters
from casekit.dossier.sheet import PageBox
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.queries.boxes import (
    EVERYTHING,
    WHOLE,
    BoxRow,
    BoxWord,
    Placed,
    Rect,
    areas,
    boxes,
    hides,
    on_page,
    touches,
)
from casekit.store.tables import item

BLACK, PALE = (0, 0, 0), (217, 217, 217)
"""Paint of a box, and of a whole page or what lies round that which is kept: less ink, as plain to see."""

_MUCH = 0.5
"""A box of this share of its page is painted pale."""
_EDGE = 2
"""Pixels along a box's side that may be mixed with what lies beside it when a page is drawn."""


@dataclass(frozen=True, slots=True)
class Painted:
    """An area of a finished page that was painted over.

    Attributes:
        page: The finished page, from 1.
        where: What it is for a person, such as the exhibit's page.
        area: In millionths of the finished page.
        paint: Its colour; `label` is the area of the words set on it, empty if there are none.
    """

    page: int
    where: str
    area: Rect
    paint: tuple[int, int, int]
    label: Rect | None
    words: str


def page_boxes(rows: Iterable[BoxRow], page: int, words: Wording) -> tuple[PageBox, ...]:
    """The boxes of a page as a plan holds them: where, and what is set on them; not which words they hide."""
    return tuple(
        PageBox(
            row.kind, row.left, row.top, row.right, row.bottom,
            words("redacted.label", reason=words.get(f"reason.{row.reason}", row.reason)),
        )
        for row in on_page(rows, page)
    )  # fmt: skip


def paints(boxes: Sequence[PageBox]) -> list[tuple[Rect, tuple[int, int, int], PageBox]]:
    """What is painted over of a page, each area with its colour and its box; the largest lies lowest."""
    made = [(rect, _paint(rect, box), box) for rect, box in areas(boxes)]
    return sorted(
        made, key=lambda each: -(each[0].right - each[0].left) * (each[0].bottom - each[0].top)
    )


def _paint(rect: Rect, box: PageBox) -> tuple[int, int, int]:
    share = (rect.right - rect.left) * (rect.bottom - rect.top) / WHOLE**2
    return PALE if box.kind == "keep" or share >= _MUCH else BLACK


def paint(png: bytes, boxes: Sequence[PageBox]) -> bytes:
    """A page's picture without what lies under its boxes, and without anything but its pixels.

    Args:
        png: The page as shown.
        boxes: All boxes of the page.

    Returns:
        A PNG of the same size.
    """
    with Image.open(io.BytesIO(png)) as read:
        flat = read.convert("RGBA")
    image = Image.new("RGB", flat.size, "white")
    image.paste(flat, mask=flat.getchannel("A"))
    draw = ImageDraw.Draw(image)
    wide, high = image.size
    for rect, colour, _ in paints(boxes):
        draw.rectangle(
            (
                math.floor(rect.left * wide / WHOLE), math.floor(rect.top * high / WHOLE),
                math.ceil(rect.right * wide / WHOLE), math.ceil(rect.bottom * high / WHOLE),
            ),
            fill=colour,
        )  # fmt: skip
    room = io.BytesIO()
    image.save(room, "PNG", compress_level=1)
    return room.getvalue()


def placed(spot: Spot, start: int = -1, stop: int = -1) -> BoxWord:
    """A word with its sides in millionths of its page."""
    across = sorted((_millionths(spot.left), _millionths(spot.right)))
    down = sorted((_millionths(spot.top), _millionths(spot.bottom)))
    return BoxWord(spot.text, across[0], down[0], across[1], down[1], start, stop)


def located(spots: Sequence[Spot], text: str) -> tuple[BoxWord, ...]:
    """The words of a page with their characters in its text, where they are letter for letter those of it."""
    if letters("".join(spot.text for spot in spots)) != letters(text):
        return tuple(map(placed, spots))
    found = []
    at = 0
    for spot in spots:
        start = stop = -1
        for letter in letters(spot.text):
            at = text.index(letter, at)  # between two letters stand only those that nobody sees
            start, stop, at = (at if start < 0 else start), at + 1, at + 1
        found.append(placed(spot, start, stop))
    return tuple(found)


def shown_spots(spots: Sequence[Spot], boxes: Sequence[PageBox]) -> list[Spot]:
    """The words of a page that no box hides."""
    return [spot for spot in spots if hides(boxes, placed(spot)) is None]


def unflat(png: bytes, painted: Sequence[Painted]) -> Iterator[str]:
    """Which painted areas of a finished page show anything but paint and the words set on it.

    What another area covers of one is judged with that.

    Args:
        png: The page, drawn from the finished file.
        painted: The areas of this page, in the order in which they were painted.
    """
    with Image.open(io.BytesIO(png)) as read:
        image = read.convert("RGB")
    for n, one in enumerate(painted):
        left, top, right, bottom = _pixels(one.area, image.size, -_EDGE)
        if left >= right or top >= bottom:  # nothing of it lies clear of its edges
            continue
        crop = image.crop((left, top, right, bottom))
        over = [each.area for each in painted[n + 1 :]]
        for rect in (*over, *(each.label for each in painted)):
            if rect is not None:
                x0, y0, x1, y1 = _pixels(rect, image.size, _EDGE)
                crop.paste(one.paint, (x0 - left, y0 - top, x1 - left, y1 - top))
        if crop.getcolors(1) != [(crop.width * crop.height, one.paint)]:
            yield one.where


def told_inside(spots: Sequence[Spot], painted: Sequence[Painted]) -> Iterator[str]:
    """Which painted areas of a finished page have words in them, seen or unseen, besides those set on them."""
    for one in painted:
        own = {
            word for each in painted if touches(one.area, each.area) for word in each.words.split()
        }
        for word in map(placed, spots):
            x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
            inside = one.area.left < x < one.area.right and one.area.top < y < one.area.bottom
            if inside and word.text not in own:
                yield one.where
                break


def refuse_seen(places: Iterable[str]) -> None:
    """Say which boxes of a finished file do not hide what lies under them; nothing if all do."""
    found = list(dict.fromkeys(places))
    if found:
        raise CaseKitError(
            "The dossier was not written, because a box in it does not hide all that lies under it: {places}. "
            "Report this fault.",
            places="; ".join(found[:12]),
        )


def refuse_copies(s: Connection, told: Collection[int], seen: Collection[str] = ()) -> None:
    """Refuse to show a file whose copy, the same to the last byte, has a box that it has not.

    Where nobody knows the words under a box, nothing else could tell.

    Args:
        s: Reading session.
        told: The items about to be shown.
        seen: Boxes drawn for one of these reasons do not count, as in a sealed copy.

    Raises:
        CaseKitError: It is so, and nobody said of the box that its words may be shown elsewhere.
    """
    drawn: dict[int, list[BoxRow]] = {}
    for row in boxes(s):
        if row.reason not in seen:
            drawn.setdefault(row.item_id, []).append(row)
    by_bytes: dict[bytes, list[BoxRow]] = {}
    for item_id, sha256 in _hashes(s, drawn):
        by_bytes.setdefault(sha256, []).extend(row for row in drawn[item_id] if not row.elsewhere)
    for item_id, sha256 in _hashes(s, told if by_bytes else ()):
        own = drawn.get(item_id, ())
        for row in by_bytes.get(sha256, ()):
            if not any(_hides_as_much(one, row) for one in own):
                raise CaseKitError(
                    "Item {shown} is the same file as item {other} and would show what a box hides there: draw "
                    "the same boxes on both, or leave it out.",
                    shown=item_id, other=row.item_id,
                )  # fmt: skip


def _hides_as_much(one: BoxRow, other: BoxRow) -> bool:
    """Whether a box of the same page hides all that another one does."""
    if one.page != other.page:
        return False
    area: Placed = other if other.kind == "hide" else EVERYTHING
    if one.kind == "hide":
        return (
            one.left <= area.left and one.top <= area.top
            and one.right >= area.right and one.bottom >= area.bottom
        )  # fmt: skip
    return other.kind == "keep" and (one.left, one.top, one.right, one.bottom) == (
        other.left, other.top, other.right, other.bottom,
    )  # fmt: skip


def _hashes(s: Connection, item_ids: Collection[int]) -> Iterator[tuple[int, bytes]]:
    ids = sorted(item_ids)
    for n in range(0, len(ids), 500):
        query = select(item.c.id, item.c.sha256).where(item.c.id.in_(ids[n : n + 500]))
        yield from ((row.id, row.sha256) for row in s.execute(query.order_by(item.c.id)))


def _pixels(rect: Rect, size: tuple[int, int], grow: int) -> tuple[int, int, int, int]:
    wide, high = size
    return (
        math.floor(rect.left * wide / WHOLE) - grow, math.floor(rect.top * high / WHOLE) - grow,
        math.ceil(rect.right * wide / WHOLE) + grow, math.ceil(rect.bottom * high / WHOLE) + grow,
    )  # fmt: skip


def _millionths(share: float) -> int:
    return (
        round(min(1.0, max(0.0, share)) * WHOLE) if share == share else 0
    )  # NaN is not equal to itself
