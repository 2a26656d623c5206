"""The command that withholds passages and boxes of pages from what leaves the case."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from casekit.cli.output import Meter, json_line, say
from casekit.cli.work import chosen, tell
from casekit.errors import CaseKitError
from casekit.ops import boxes as box_ops
from casekit.ops import redactions as redaction_ops
from casekit.ops.boxes import NewBox
from casekit.ops.redactions import Span
from casekit.queries import boxes as box_queries
from casekit.queries import items as item_queries
from casekit.queries import redactions as redaction_queries
from casekit.queries.boxes import EVERYTHING, WHOLE, Rect
from casekit.queries.redactions import PRESETS
from casekit.store.case import Case, open_case

_BOX = re.compile(
    r"(?P<page>\d{1,6}):(?:(?P<all>all)|(?P<left>[\d.]{1,9}),(?P<top>[\d.]{1,9}),(?P<right>[\d.]{1,9}),(?P<bottom>[\d.]{1,9}))"
)
_PERCENT = WHOLE / 100


@click.command("redact")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("ids", nargs=-1, type=int)
@click.option("--query", help="All items that this query finds.")
@click.option(
    "--words", multiple=True, help="Withhold these words wherever they stand in the items."
)
@click.option("--preset", multiple=True, type=click.Choice(sorted(PRESETS)),
              help="Withhold what has this form.")  # fmt: skip
@click.option("--paint", is_flag=True, help="Find --words and --preset on the pictures of pages, and put boxes "
              "over them; the pages stay pictures.")  # fmt: skip
@click.option("--box", "box", multiple=True, metavar="PAGE:LEFT,TOP,RIGHT,BOTTOM",
              help="Withhold a box of a page of one item, in percent of the page as shown from its top left "
              "corner; PAGE:all for the whole page.")  # fmt: skip
@click.option("--part", help="Withhold characters --from to --to of this part of one item.")
@click.option("--from", "start", type=int, help="First character, from 0.")
@click.option("--to", "stop", type=int, help="The character after the last.")
@click.option("--all-but", is_flag=True, help="Withhold everything but that: of an item's texts all but the "
              "passage, words or form; of a page all but its boxes. Alone: all their texts.")  # fmt: skip
@click.option(
    "--reason", type=click.Choice(redaction_ops.REASONS), default="privacy", show_default=True
)
@click.option("--authority", default="", help="By which rule or order, such as “Rule 5.2(a)”.")
@click.option("--elsewhere", is_flag=True, help="Of a box: its words may be shown elsewhere, such as a page's "
              "head.")  # fmt: skip
@click.option("--lift", type=int, multiple=True, help="Show the passage of this number again.")
@click.option("--lift-box", type=int, multiple=True, help="Show the box of this number again.")
@click.option("--preview", is_flag=True, help="Only say what would be withheld.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def redact_command(
    case: Path, ids: tuple[int, ...], query: str | None, words: tuple[str, ...],
    preset: tuple[str, ...], paint: bool, box: tuple[str, ...], part: str | None, start: int | None,
    stop: int | None, all_but: bool, reason: str, authority: str, elsewhere: bool, lift: tuple[int, ...],
    lift_box: tuple[int, ...], preview: bool, as_json: bool,
) -> None:  # fmt: skip
    """Withhold passages and boxes from every export; without options, list what is withheld.

    The items themselves stay as they are. A dossier that would tell the same words elsewhere is refused.
    """
    finders: list[Callable[[str], list[tuple[int, int]]]] = [
        partial(_finding, redaction_queries.find_words, each) for each in words
    ]
    finders += [partial(_finding, redaction_queries.find_preset, each) for each in preset]
    with open_case(case) as opened:
        if lift or lift_box:
            _lift(opened, lift, lift_box, as_json)
        elif box or paint:
            kind: box_ops.Kind = "keep" if all_but else "hide"
            items = chosen(opened, ids, query)
            new = (
                _drawn(opened, items, box, kind) if box else _painted(opened, items, finders, kind)
            )
            if preview or not new:
                _tell_boxes(new, as_json)
                return
            with opened.write() as s:
                tell(
                    box_ops.add_boxes(s, new, reason, authority=authority, elsewhere=elsewhere),
                    as_json,
                )
        elif finders or part is not None or all_but:
            items = chosen(opened, ids, query)
            spans = (
                _spans(opened, items, finders) if part is None else [_span(ids, part, start, stop)]
            )
            if all_but:
                spans = _all_but(opened, items, spans)
            if preview or not spans:
                _tell_spans(spans, as_json)
                return
            with opened.write() as s:
                tell(redaction_ops.redact(s, spans, reason, authority=authority), as_json)
        else:
            _list(opened, ids, as_json)


def _finding(
    find: Callable[[str, str], list[tuple[int, int]]], what: str, text: str
) -> list[tuple[int, int]]:
    return find(text, what)


def _lift(case: Case, spans: tuple[int, ...], boxes: tuple[int, ...], as_json: bool) -> None:
    with case.write() as s:
        done = [redaction_ops.lift(s, spans)] if spans else []
        done += [box_ops.lift_boxes(s, boxes)] if boxes else []
    for changes in done:
        tell(changes, as_json)


def _drawn(case: Case, ids: list[int], places: tuple[str, ...], kind: box_ops.Kind) -> list[NewBox]:
    if len(ids) != 1:
        raise CaseKitError("A box is of one item: name the item and --box.")
    from casekit.jobs import boxes as box_job

    with box_job.looking(case) as look:
        return [box_job.box_at(look, ids[0], *_place(text), kind) for text in places]


def _place(text: str) -> tuple[int, Rect]:
    """Page and rectangle of `3:10,20,60,25` or `3:all`.

    Raises:
        CaseKitError: It is neither.
    """
    match = _BOX.fullmatch(text.replace(" ", ""))
    try:
        if match is None:
            raise ValueError
        if match["all"]:
            return int(match["page"]), EVERYTHING
        sides = [
            round(float(match[side]) * _PERCENT) for side in ("left", "top", "right", "bottom")
        ]
    except ValueError:
        raise CaseKitError(
            "“{text}” is no box: write the page, a colon, and its left, top, right and bottom sides in percent "
            "of the page, such as 3:10,20,60,25, or 3:all.",
            text=text,
        ) from None
    return int(match["page"]), Rect(*sides)


def _painted(
    case: Case,
    ids: list[int],
    finders: list[Callable[[str], list[tuple[int, int]]]],
    kind: box_ops.Kind,
) -> list[NewBox]:
    if not finders:
        raise CaseKitError("Say what is to be painted over: add --words or --preset.")
    if kind == "keep":
        raise CaseKitError("What is kept of a page is given by --box, not by words.")
    from casekit.jobs import boxes as box_job

    meter = Meter("Looking at pages")
    with box_job.looking(case) as look:
        found = box_job.boxes_over(look, ids, finders, meter)
    meter.done(f"{len(found):,} places")
    return found


def _span(ids: tuple[int, ...], part: str, start: int | None, stop: int | None) -> Span:
    if len(ids) != 1 or start is None or stop is None:
        raise CaseKitError("A part is of one item: name the item, --from and --to.")
    return ids[0], part, start, stop


def _spans(
    case: Case, ids: list[int], finders: list[Callable[[str], list[tuple[int, int]]]]
) -> list[Span]:
    found = []
    with case.read() as s:
        for item_id in ids:
            for part, text in dict(reversed(item_queries.view(s, item_id).texts)).items():
                found += [(item_id, part, a, b) for find in finders for a, b in find(text)]
    return sorted(set(found))


def _all_but(case: Case, ids: list[int], keep: list[Span]) -> list[Span]:
    with case.read() as s:
        return [
            span
            for item_id in ids
            for span in redaction_ops.all_but(s, item_id, [k[1:] for k in keep if k[0] == item_id])
        ]


def _tell_spans(spans: list[Span], as_json: bool) -> None:
    if as_json:
        names = ("item", "part", "from", "to")
        listed = [dict(zip(names, span, strict=True)) for span in spans]
        json_line({"v": 1, "found": listed})
        return
    for item_id, part, start, stop in spans:
        say(f"item {item_id}, {part}: characters {start} to {stop - 1}")
    say(f"{len(spans):,} passages in {len({span[0] for span in spans}):,} items.")


def _tell_boxes(new: list[NewBox], as_json: bool) -> None:
    if as_json:
        listed = [
            {"item": one.item_id, "page": one.page, "kind": one.kind, **_sides(one.rect),
             "words": [word.text for word in one.words], "source": one.source}
            for one in new
        ]  # fmt: skip
        json_line({"v": 1, "boxes": listed})
        return
    for one in new:
        say(f"item {one.item_id}, page {one.page}: {_percent(one.rect)}")
    say(f"{len(new):,} boxes in {len({one.item_id for one in new}):,} items.")


def _list(case: Case, ids: tuple[int, ...], as_json: bool) -> None:
    with case.read() as s:
        rows = redaction_queries.redactions(s, ids or None)
        boxes = box_queries.boxes(s, ids or None)
    if as_json:
        listed = [{**dataclasses.asdict(box), "words": len(box.words)} for box in boxes]
        json_line(
            {"v": 1, "redactions": [dataclasses.asdict(row) for row in rows], "boxes": listed}
        )
        return
    for row in rows:
        authority = f", {row.authority}" if row.authority else ""
        place = f"item {row.item_id}, {row.part}: characters {row.start} to {row.stop - 1}"
        say(f"{row.id:>5}  {place}  {row.reason}{authority}  {row.by}")
    for box in boxes:
        authority = f", {box.authority}" if box.authority else ""
        kept = "all but " if box.kind == "keep" else ""
        rect = Rect(box.left, box.top, box.right, box.bottom)
        place = f"box {box.id}  item {box.item_id}, page {box.page}: {kept}{_percent(rect)}"
        say(f"{place}  {box.reason}{authority}  {box.by}")
    told = f", and {len(boxes):,} boxes" if boxes else ""
    say(f"{len(rows):,} passages{told} are withheld.")


def _sides(rect: Rect) -> dict[str, float]:
    return {side: value / _PERCENT for side, value in dataclasses.asdict(rect).items()}


def _percent(rect: Rect) -> str:
    left, top, right, bottom = _sides(rect).values()
    return f"{left:.1f}–{right:.1f} % across, {top:.1f}–{bottom:.1f} % down"
