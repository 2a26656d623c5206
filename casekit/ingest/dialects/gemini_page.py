"""Google's record of what Gemini was asked, as a web page: `MyActivity.html` of Takeout's "My Activity".

The page is written in the account's language; what was asked, when, and what was answered stand in one cell,
parted by line breaks. Of the words before a question the English one alone is known, and of times too.

Source: Google Takeout, "My Activity"; no specification: pages in the tests of public readers of them.
"""

from __future__ import annotations

import datetime as dt
import re

from msgspec import structs
from selectolax.lexbor import LexborHTMLParser, LexborNode

from casekit.ingest.chat_pages import attribute, one_line, words
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.page_times import english_time
from casekit.ingest.mail.markup import html_text
from casekit.ingest.parsed import When

OPENING = re.compile(rb'<div\s[^<>]*\bclass="outer-cell [^"<>]*"[^<>]*>')

_TITLE = re.compile(rb"<title>My Activity History</title>")
_CELL = re.compile(
    rb'class="outer-cell [^"<>]*"[^<>]*>\s*(?:<div[^<>]*>\s*){1,3}<p[^<>]*>(?P<product>[^<>]{1,60})<'
)
_OURS = ("Gemini", "Bard")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONGEST_TIME = 60
_OFFSET = re.compile(r"\s(?:GMT|UTC)([+-])(\d{1,2}):?(\d\d)?\Z")
_ZONE = re.compile(r"\s([A-Z]{2,5})\Z")
LETTERS = "assumed:the letters of a zone are no offset, local time read as UTC"
_BREAK = "\f"
_ASKED = re.compile(r"Prompted[\s\u00a0]")


def is_activity(untrusted_head: bytes) -> bool:
    """Whether a page's first bytes show Gemini's activity; its style may be longer than they are."""
    cell = _CELL.search(untrusted_head)
    if cell is not None:
        return cell["product"].decode("utf-8", "replace").startswith(_OURS)
    return b"outer-cell " not in untrusted_head and _TITLE.search(untrusted_head) is not None


def read_gemini_page(tree: LexborHTMLParser, draft: Draft) -> bool:
    """One cell: a question with its answer, or something else that was done."""
    cells = tree.css(".content-cell")
    if not cells:
        return False
    draft.collection = "outputs"
    draft.fields["provider"] = "google"
    pieces = _inside(cells[0]).split(_BREAK)
    at = next((n for n, each in enumerate(pieces) if n and _is_time(each)), None)
    asked = _text(pieces[:at] if at is not None else pieces)
    answer = _text(pieces[at + 1 :]) if at is not None else ""
    if at is not None:
        shown = _text([pieces[at]])
        draft.when = activity_time(shown)
        if draft.when is None:
            draft.put_extra("time_shown", shown)
    _put_rest(tree, cells, draft)
    begins = _ASKED.match(asked)
    if begins is None and not answer:
        draft.kind, draft.body, draft.title = "record", asked, asked
        return True
    draft.prompt, draft.output = asked[begins.end() :] if begins else asked, answer
    if not answer:
        draft.kind = "request"
    return True


def _put_rest(tree: LexborHTMLParser, cells: list[LexborNode], draft: Draft) -> None:
    header = one_line(tree.css_first(".header-cell"))
    links = [
        attribute(each, "href") or attribute(each, "src")
        for each in cells[0].css("a[href], img[src]")
    ]
    details = [words(each) for each in cells[1:]]
    for key, value in (
        ("header", header), ("links", list(dict.fromkeys(filter(None, links)))),
        ("details", "\n".join(filter(None, details))),
    ):  # fmt: skip
        if value:
            draft.put_extra(key, value)


def _inside(node: LexborNode) -> str:
    """The markup inside a node; a form feed stands in it for each line break."""
    whole = node.html or ""
    return whole[whole.find(">") + 1 : whole.rfind("<")]


def _text(pieces: list[str]) -> str:
    return html_text("<br>".join(pieces)).strip()


def _is_time(piece: str) -> bool:
    shown = piece.strip()
    told = "<" not in shown and len(shown) <= _LONGEST_TIME
    return told and _CLOCK.search(shown) is not None and _YEAR.search(shown) is not None


def activity_time(shown: str) -> When | None:
    """Such as `May 19, 2026, 7:07:02 PM GMT-03:00`; the letters of a zone, such as CEST, are no offset."""
    plain = " ".join(shown.split())
    offset = _OFFSET.search(plain)
    if offset is not None:
        found = english_time(plain[: offset.start()], "shown")
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if found is None or minutes > 24 * 60:
            return None
        moved = dt.timedelta(minutes=minutes if offset[1] == "-" else -minutes)
        us = found.us + moved // dt.timedelta(microseconds=1)
        return structs.replace(found, us=us, raw=shown, zone="explicit")
    found = english_time(plain, "shown")
    zone = _ZONE.search(plain)
    if found is None and zone is not None:
        found = english_time(plain[: zone.start()], "shown")
        found = structs.replace(found, zone=LETTERS) if found else None
    return structs.replace(found, raw=shown) if found else None
