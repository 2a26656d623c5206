"""Redaction burned in: a withheld passage never enters a plan, and a plan that tells it elsewhere is refused.

What is planned is what is printed, so nothing can lie below a black box: where a passage is withheld its
words are not there, in no layer, bookmark, name or index.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from casekit.dossier import pseudonyms
from casekit.dossier.cleaning import Finder, Given, clean, clean_json, clean_text
from casekit.dossier.copies import OPENED, Copies
from casekit.dossier.pseudonyms import checked_words
from casekit.dossier.sections import document
from casekit.dossier.sheet import Block, Column, DossierPlan, Grid, Pages, Produced, Raw, Remark
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.queries.boxes import (
    WHOLE,
    BoxRow,
    box_passages,
    boxes,
    hidden_spans,
    on_page,
)
from casekit.queries.checks import Checked, checks
from casekit.queries.checks import Kind as CheckedKind
from casekit.queries.items import ItemView
from casekit.queries.recognised import machine_texts
from casekit.queries.redactions import RedactionRow, WithheldWords, redactions, withheld_texts

JSON_FIELDS = ("messages", "parameters", "extra")
_NOT_TEXT = ("redactions", "family", "original_sha256", "sha256")
_MOST_NAMED = 12
_TITLE, _RECORD = "its title", "its record"
_CHAPTERS = {"exhibits": "Exhibit {label}", "findings": "Finding {label}"}
_ESCAPE = re.compile(r"(?P<units>(?:\\+u[0-9a-fA-F]{4})+)|\\+(?P<sign>.)", re.DOTALL)
_HEX = re.compile(r"u([0-9a-fA-F]{4})")
_SPACES = "bfnrt"
_Cut = tuple[int, int, str, str]
"""First character of a passage and the one after the last, why it is withheld, what is printed for it."""
_TELLS = (
    "The dossier would tell words that are redacted elsewhere: {places}. Redact them there too, leave those "
    "exhibits out, or say of a box that its words may be shown elsewhere."
)
PRODUCTION_TELLS = (
    "The production would tell words that are redacted elsewhere: {places}. Redact them there too, or "
    "leave those documents out."
)


def without(view: ItemView, text: str, words: Wording, copies: Copies | None = None) -> str:
    """A text about an item, such as an exhibit's title, without the words that are withheld in the item."""
    if not view.is_redacted:
        return text
    return clean_text(_begun(view, text, words, copies), _own(view, words, copies))


def _begun(view: ItemView, title: str, words: Wording, copies: Copies | None) -> str:
    """A title that is the beginning of one of the item's texts, without what is withheld there.

    Where it was cut off within a passage, what is left of it is not known again by its words.
    """
    first: set[str] = set()
    for part, text in view.texts:
        if part in first:
            continue
        first.add(part)
        places = _places_in(title, text)
        cuts = [
            (r.start, r.stop, r.reason, _mark(r, words)) for r in view.redactions if r.part == part
        ]
        cuts += _boxed(view, _page_of(view, part), text, words, marked=True)
        shut = [cut for cut in cuts if cut[2] not in OPENED]
        for start, stop, reason, mark in reversed(sorted(cuts) if places else []):
            inside = [n for n, at in places.items() if start <= at < stop]
            if not inside:
                continue
            shown = mark
            if copies is not None and not any(a < stop and start < b for a, b, *_ in shut):
                own = title[inside[0] : inside[-1] + 1]
                shown = copies.mark(mark, own, f"{own} [{words.get(f'reason.{reason}', reason)}]")
            title = title[: inside[0]] + shown + title[inside[-1] + 1 :]
    return title


def _places_in(title: str, text: str) -> dict[int, int]:
    """Of a title that a text begins with, white space aside: which character is which of the text."""
    told = [n for n, c in enumerate(title.rstrip("… ")) if not c.isspace()]
    there = itertools.islice((n for n, c in enumerate(text) if not c.isspace()), len(told))
    pairs = dict(zip(told, there, strict=False))
    same = len(pairs) == len(told) and all(title[n] == text[at] for n, at in pairs.items())
    return pairs if same else {}


def redacted(
    view: ItemView, words: Wording, given: Given, *, pictured: bool = True,
    copies: Copies | None = None,
) -> ItemView:  # fmt: skip
    """The item without its withheld passages, and without their words wherever else they stand in it.

    Args:
        view: The item whole.
        words: Says what stands in their place.
        given: What has a pseudonym, from `pseudonyms.of_case`.
        pictured: It is printed with pictures of its pages, if it has some: then the text of a page says
            what its picture still shows and no more, and where that is not known it says nothing.
        copies: Where a sealed copy is made too: takes what each prints in the place of a passage.
    """
    made = pseudonyms.instead(_without(view, words, copies, pictured=pictured), given)
    if made.pseudonyms and pictured and document.is_pictured(view):  # then it is printed as text
        made = pseudonyms.instead(_without(view, words, copies, pictured=False), given)
    return made


def _without(view: ItemView, words: Wording, copies: Copies | None, *, pictured: bool) -> ItemView:
    if not view.is_redacted:
        return view
    withheld = _own(view, words, copies)
    as_pictures = pictured and document.is_pictured(view)
    first: set[str] = set()
    texts = []
    for part, text in view.texts:
        page = _page_of(view, part)
        if part not in first:  # a redaction counts in the first text of its part
            first.add(part)
            cuts = [
                (r.start, r.stop, r.reason, _mark(r, words))
                for r in view.redactions
                if r.part == part
            ]
            cuts += _boxed(view, page, text, words, marked=not as_pictures)
            text = _cut(text, cuts, words, copies)
        texts.append((part, text if page and as_pictures else clean_text(text, withheld)))
    boxed = {str(row.page) for row in view.boxes}
    cleaned = {
        field.name: clean(getattr(view, field.name), withheld)
        for field in dataclasses.fields(view)
        if field.name
        not in (*_NOT_TEXT, "row", "texts", "pointer", "exchange", "boxes", "read", "pseudonyms")
    }
    row = dataclasses.replace(view.row, title=_begun(view, view.row.title, words, copies))
    exchange = {
        name: clean_json(value, withheld) if name in JSON_FIELDS else clean(value, withheld)
        for name, value in view.exchange.items()
    }
    pointer = clean_json(view.pointer, withheld)
    return dataclasses.replace(
        view, **cleaned, row=clean(row, withheld), texts=tuple(texts), exchange=exchange, pointer=pointer,
        boxes=tuple(dataclasses.replace(row, words=()) for row in view.boxes),
        read=tuple(clean(r, withheld) for r in view.read if r.page not in boxed),
    )  # fmt: skip


def _page_of(view: ItemView, part: str) -> int:
    """Which page a part is the text of; 0 for none. A picture's text is that of its first."""
    if view.row.kind == "image":
        return 1
    match = document.PAGE.fullmatch(part)
    return int(match.group(1)) if match else 0


def _boxed(view: ItemView, page: int, text: str, words: Wording, *, marked: bool) -> list[_Cut]:
    """What the boxes of a page cut out of its text: all of it, where nobody knows which words they hide."""
    rows = on_page(view.boxes, page) if page else []
    if not rows:
        return []
    spans = hidden_spans(rows, text)
    if spans is None:
        spans = [(0, len(text), rows[0])]
    return [
        (start, stop, row.reason, _mark(row, words) if marked else "") for start, stop, row in spans
    ]


def log(
    s: Connection, produced: Iterable[Produced], numbers: Mapping[int, str], words: Wording
) -> tuple[Block, ...]:
    """The redaction log: which exhibit, where, why, by which authority and who; never what."""
    items = {one.item_id: one for one in produced}
    places: list[tuple[RedactionRow | BoxRow, str]] = [
        (row, words.get(f"part.{row.part}", row.part)) for row in redactions(s, list(items))
    ]
    for box in boxes(s, list(items)):
        places.append((box, _box_place(box, words)))
    looked = {(c.kind, c.id): c for c in checks(s, list(items)) if c.by}
    places.sort(key=lambda pair: list(items).index(pair[0].item_id))
    rows = [
        (
            str(n), items[row.item_id].label, numbers.get(row.item_id, ""), place,
            _reason(row, words), row.authority or "–", _who(row, looked, words),
        )
        for n, (row, place) in enumerate(places, 1)
    ]  # fmt: skip
    if not rows:
        return ()
    columns = (
        Column(words("column.seq"), 6), Column(words("column.exhibit"), 10),
        Column(words("column.bates"), 18, "mono"), Column(words("redacted.part"), 17),
        Column(words("redacted.reason"), 17), Column(words("redacted.authority"), 13),
        Column(words("column.by"), 19),
    )  # fmt: skip
    return (Remark(words("redacted.intro")), Grid(columns, tuple(rows)))


def _who(
    row: RedactionRow | BoxRow, looked: Mapping[tuple[CheckedKind, int], Checked], words: Wording
) -> str:
    """Who made a redaction, and below that who checked it and when."""
    found = looked.get(("box" if isinstance(row, BoxRow) else "redaction", row.id))
    return row.by if found is None else f"{row.by}\n{checked_words(found, words)}"


def check(s: Connection, plan: DossierPlan) -> None:
    """Refuse a plan that tells withheld words anywhere, such as in another exhibit or in a title.

    Pages that are printed as pictures are judged by their text, and by what machines have read of them.

    Raises:
        CaseKitError: It does; the message names the places and the redactions, not the words.
    """
    withheld = all_withheld(s)
    if withheld:
        refuse([*_told(plan, withheld), *_pictured(s, plan, withheld)])


def check_records(
    withheld: WithheldWords, plan: DossierPlan, records: Iterable[tuple[int, bytes]]
) -> None:
    """The same for exact records that are printed or attached as they are.

    Args:
        withheld: From `all_withheld`.
        plan: What is printed.
        records: Item and bytes of each record that goes out.

    Raises:
        CaseKitError: A record holds withheld words.
    """
    if withheld:
        labels = {one.item_id: one.label for one in plan.produced}
        refuse(
            (f"Exhibit {labels.get(item_id, '?')}, {_RECORD}", name)
            for item_id, data in records
            for _, _, name in withheld.places(readable(data))
        )


def all_withheld(s: Connection) -> WithheldWords:
    """The words of every redaction of the case, each named by its number, and all that has a pseudonym."""
    found = [(f"no. {row.id} (item {row.item_id})", text) for row, text in withheld_texts(s)]
    found += [
        (f"box {row.id} on page {row.page} (item {row.item_id})", text)
        for row, text in box_passages(boxes(s))
    ]
    given = pseudonyms.of_case(s, pseudonyms.wording_of(s), strict=True)
    return WithheldWords(found, given)


def privileged(s: Connection) -> WithheldWords:
    """The words of every redaction and box of the case that stays redacted in a sealed copy too."""
    found = [
        (f"no. {row.id} (item {row.item_id})", text)
        for row, text in withheld_texts(s)
        if row.reason not in OPENED
    ]
    shut = [row for row in boxes(s) if row.reason not in OPENED]
    found += [
        (f"box {row.id} on page {row.page} (item {row.item_id})", text)
        for row, text in box_passages(shut)
    ]
    return WithheldWords(found)


def check_sealed(s: Connection, plan: DossierPlan) -> None:
    """Refuse a sealed copy that tells what is redacted for a ground that the court may not look behind.

    Args:
        s: Reading session.
        plan: The plan as the sealed copy prints it.

    Raises:
        CaseKitError: It does.
    """
    if withheld := privileged(s):
        refuse(_told(plan, withheld))


def records_told(plan: DossierPlan) -> list[int]:
    """The items whose exact records a plan prints or attaches."""
    printed = {b.item_id for c in plan.exhibits for b in c.blocks if isinstance(b, Raw)}
    attached = {one.item_id for one in plan.produced if one.record_sha256}
    return sorted(printed | attached if plan.profile == "archive" else printed)


def refuse(places: Iterable[tuple[str, str]], message: str = _TELLS) -> None:
    """Say where withheld words would be told; nothing if there is no place.

    Args:
        places: (where, which redaction).
        message: The refusal, with `{places}`.
    """
    found = list(dict.fromkeys(places))
    if found:
        named = [f"{where}: redaction {name}" for where, name in found[:_MOST_NAMED]]
        more = [f"and {rest} more"] if (rest := len(found) - _MOST_NAMED) > 0 else []
        raise CaseKitError(message, places="; ".join(named + more))


def _told(plan: DossierPlan, withheld: WithheldWords) -> Iterator[tuple[str, str]]:
    whole = msgspec.to_builtins(plan)
    for key, value in whole.items():
        if key in _CHAPTERS:
            for chapter in value:
                where = _CHAPTERS[key].format(label=chapter["label"])
                for block in _pieces(chapter.pop("blocks")):
                    inside = f"{where}, {_called(block)}"
                    yield from ((inside, name) for name in _names(block, withheld))
                yield from ((f"{where}, {_TITLE}", name) for name in _names(chapter, withheld))
        elif key == "further":
            for section, found in value.items():
                where = f"the section “{section}” of the dossier"
                yield from ((where, name) for name in _names(found, withheld))
        else:
            yield from ((f"the {key} of the dossier", name) for name in _names(value, withheld))


def _pieces(blocks: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The blocks of a chapter; of pages shown as pictures each by itself, so that it can be named."""
    for block in blocks:
        if block["type"] == "pages":
            yield {**block, "pages": ()}
            yield from ({**page, "type": "pages"} for page in block["pages"])
        else:
            yield block


def _pictured(
    s: Connection, plan: DossierPlan, withheld: WithheldWords
) -> Iterator[tuple[str, str]]:
    for chapter in plan.exhibits:
        for block in chapter.blocks:
            if isinstance(block, Pages):
                boxed = {str(page.no) for page in block.pages if page.boxes}
                for read in machine_texts(s, block.item_id):
                    if read.page in boxed:  # it was read unpainted: what is made is read again
                        continue
                    where = f"Exhibit {chapter.label}, a picture of a page"
                    yield from ((where, name) for _, _, name in withheld.places(read.text))


def unjudged(
    s: Connection, plan: DossierPlan, words: Wording, *, pixels: bool = False
) -> list[str]:
    """A sentence for each exhibit with pictures of pages of which nobody and no machine has read the words.

    `pixels`: what is made of pages with boxes is read by a machine.
    """
    found = []
    for chapter in plan.exhibits:
        unread: list[int] = []
        for block in chapter.blocks:
            if isinstance(block, Pages):
                read = {each.page for each in machine_texts(s, block.item_id)}
                unread += [
                    p.no
                    for p in block.pages
                    if not (p.text or (pixels if p.boxes else str(p.no) in read))
                ]
        if unread:
            pages = ", ".join(map(str, unread[:_MOST_NAMED]))
            pages += " …" if len(unread) > _MOST_NAMED else ""
            found.append(words("redacted.unjudged", label=chapter.label, pages=pages))
    return found


def unknown(s: Connection, plan: DossierPlan, words: Wording) -> list[str]:
    """A sentence for each exhibit with boxes of which nobody and no machine knows the words under them."""
    labels = {one.item_id: one.label for one in plan.produced}
    found: dict[str, list[int]] = {}
    for row in boxes(s, list(labels)):
        if not row.source:
            found.setdefault(labels[row.item_id], []).append(row.page)
    return [
        words("redacted.unknown", label=label, pages=", ".join(map(str, sorted(set(pages)))))
        for label, pages in found.items()
    ]


def _called(block: Mapping[str, Any]) -> str:
    """Which block it is, by its own heading and not by what stands in it."""
    known = {
        "facts": "its facts", "grid": "a table", "subhead": "an attachment’s name",
        "pages": f"page {block['no']}" if "no" in block else "its pages",
    }  # fmt: skip
    return known.get(str(block["type"]), str(block.get("heading", "")).lower() or "its text")


def _names(value: Any, withheld: WithheldWords) -> Iterator[str]:
    if isinstance(value, str):
        yield from (name for _, _, name in withheld.places(value))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _names(each, withheld)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _names(each, withheld)


def readable(data: bytes) -> str:
    """Bytes as text, and again with the escapes of JSON undone, so that no way of writing hides a word.

    They are undone wherever they stand, also in JSON within JSON, under a name that is there twice, and in
    what is no sound JSON: what goes out is read by others than us.
    """
    text = data.decode("utf-8", "replace")
    return text if "\\" not in text else f"{text}\n{_ESCAPE.sub(_unescaped, text)}"


def _unescaped(escape: re.Match[str]) -> str:
    units, sign = escape["units"], escape["sign"]
    if units:
        halves = bytes.fromhex("".join(_HEX.findall(units)))
        return halves.decode("utf-16-be", "replace")
    return " " if sign in _SPACES else sign


def _mark(row: RedactionRow | BoxRow, words: Wording) -> str:
    return words("redacted.mark", reason=_reason(row, words))


def _own(view: ItemView, words: Wording, copies: Copies | None = None) -> Finder:
    found = [(_mark(r, words), view.text(r.part)[r.start : r.stop]) for r in view.redactions]
    found += [(_mark(row, words), text) for row, text in box_passages(view.boxes)]
    withheld = WithheldWords(found)
    return withheld if copies is None else _Opened(withheld, words, copies)


class _Opened:
    """Finds what is withheld in an item, and calls it by cells where the court may see it."""

    def __init__(self, withheld: Finder, words: Wording, copies: Copies) -> None:
        self._withheld = withheld
        self._copies = copies
        reasons = [words.get(f"reason.{reason}", reason) for reason in sorted(OPENED)]
        self._reasons = {words("redacted.mark", reason=said): said for said in reasons}

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """As `WithheldWords.places`."""
        return [
            (start, stop, self._called(text[start:stop], mark))
            for start, stop, mark in self._withheld.places(text)
        ]

    def _called(self, text: str, mark: str) -> str:
        reason = self._reasons.get(mark)
        return mark if reason is None else self._copies.mark(mark, text, f"{text} [{reason}]")


def _box_place(box: BoxRow, words: Wording) -> str:
    """Where a box lies, in percent of its page, and whether its words may be shown elsewhere."""
    sides = (box.left, box.top, box.right, box.bottom)
    left, top, right, bottom = (f"{side * 100 / WHOLE:.0f}" for side in sides)
    key = "whole" if box.kind == "hide" and sides == (0, 0, WHOLE, WHOLE) else box.kind
    place = words(
        f"redacted.{key}", page=f"{box.page:,}", place=f"{left}–{right}% × {top}–{bottom}%"
    )
    return f"{place}\n{words('redacted.elsewhere')}" if box.elsewhere else place


def _reason(row: RedactionRow | BoxRow, words: Wording) -> str:
    return words.get(f"reason.{row.reason}", row.reason)


def _cut(text: str, cuts: Iterable[_Cut], words: Wording, copies: Copies | None) -> str:
    """A text without some passages, each with what stands in its place; those that overlap become one."""
    spans: list[tuple[int, int, list[str], str]] = []
    for start, stop, reason, mark in sorted(cuts, key=lambda cut: (*cut[:2], cut[3])):
        if spans and start < spans[-1][1]:
            first, last, reasons, kept = spans[-1]
            spans[-1] = (first, max(stop, last), [*reasons, reason], kept)
        else:
            spans.append((start, stop, [reason], mark))
    for start, stop, reasons, mark in reversed(spans):
        shown = mark
        if copies is not None and OPENED.issuperset(reasons):
            own = text[start:stop]
            said = words.get(f"reason.{reasons[0]}", reasons[0])
            shown = copies.mark(mark, own, f"{own} [{said}]" if mark else own)
        text = text[:start] + shown + text[stop:]
    return text
