"""RTF documents: text, notes, comments, headers and tracked deletions apart; nothing in them is opened."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.mail.markup import html_text
from casekit.ingest.office import MOST_LISTED, Found
from casekit.ingest.parsed import Books, Context, Parsed, Problem, When
from casekit.ingest.rtf import RtfText, read_rtf
from casekit.ingest.tails import read_behind

_PARTS = ("body", "headers", "footers", "footnotes", "endnotes", "comments", "deletions")
_INFO = {
    "=title": "title", "=subject": "subject", "=author": "creator", "=operator": "lastModifiedBy",
    "=company": "company", "=manager": "manager", "=keywords": "keywords", "=doccomm": "description",
    "=category": "category",
}  # fmt: skip
_REACHING = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON)\b", re.I
)
_LINK = re.compile(r'\s*HYPERLINK\s+"?([^"\s]{1,1000})', re.I)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MINUTE = 60_000_000


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document`.

    Parts: `body`, `headers`, `footers`, `footnotes`, `endnotes`, `comments`, `deletions`; for mail that was
    turned into RTF (fromhtml) the page it was in `html` and its text in `body`. Facts: `properties`,
    `application`, `encapsulated`, `template` and `external` (what it refers to outside, never followed),
    `fields` (codes that reach for other files or programs), `objects` and their classes, `pictures`,
    `tracked`, `comments` (authors), `hidden_runs`, `bytes_behind` (what stands behind its last group).
    """
    size = len(untrusted_data)
    found = Found(media_type="application/rtf")
    made = read_rtf(untrusted_data[: 8 * MAX_TEXT])
    if made.encapsulated == "html":
        html = made.text("=html").replace("\0", "")
        found.add("body", tidy(html_text(html)))
        found.add("html", tidy(html))
    for part in _PARTS:
        if part != "body" or made.encapsulated != "html":
            found.add(part, tidy(made.text(part)).strip("\n"))
    found.facts |= _facts(made)
    found.when = _when(made)
    if made.whole:
        behind, told = read_behind(untrusted_data, made.end, context)
        found.children += behind
        found.problems += told
        found.facts["bytes_behind"] = sum(child.size for child in behind)
    if not made.whole:
        found.trouble("truncated", "The document ends inside a group; what is there is read.")
    elif not found.texts:
        found.trouble("no-text", "The document carries no text.")
    yield found.document(untrusted_data, context)
    yield Books(size)


def _list(made: RtfText, name: str) -> list[str]:
    texts = (tidy(text).strip()[:500] for text in made.text(name).split("\0"))
    return list(dict.fromkeys(text for text in texts if text))[:MOST_LISTED]


def _facts(made: RtfText) -> dict[str, object]:
    codes = _list(made, "=field")
    links = [f"hyperlink: {match.group(1)}" for code in codes if (match := _LINK.match(code))]
    template = _list(made, "=template")
    reviewers = [
        name.strip() for text in _list(made, "=revtbl") for name in text.split(";") if name.strip()
    ]
    tracked = {
        "insertions": made.inserted,
        "deletions": made.removed,
        "authors": [name for name in reviewers if name != "Unknown"]
        if made.inserted + made.removed
        else [],
    }
    return {
        "properties": {
            name: "; ".join(_list(made, key)) for key, name in _INFO.items() if _list(made, key)
        },
        "application": {"Application": "; ".join(_list(made, "=generator"))}
        if "=generator" in made.heaps
        else {},
        "encapsulated": made.encapsulated,
        "template": template[0] if template else "",
        "external": links
        + [f"attachedTemplate: {name}" for name in template if "//" in name or "\\\\" in name],
        "fields": [code for code in codes if _REACHING.match(code)],
        "objects": made.objects,
        "object_classes": _list(made, "=objclass"),
        "pictures": made.pictures,
        "tracked": {name: value for name, value in tracked.items() if value},
        "comments": _list(made, "=atnauthor"),
        "hidden_runs": made.hidden,
    }


def _when(made: RtfText) -> When | None:
    """When it was last changed, or made: by the clock of whoever wrote it, so that UTC is an assumption."""
    for name in ("revtim", "creatim"):
        told = made.times.get(name, {})
        try:
            local = dt.datetime(
                told["yr"],
                told["mo"],
                told["dy"],
                told.get("hr", 0),
                told.get("min", 0),
                tzinfo=dt.UTC,
            )
        except (KeyError, ValueError, OverflowError):
            continue
        raw = " ".join(f"\\{unit}{number}" for unit, number in told.items())
        us = (local - _EPOCH) // dt.timedelta(microseconds=1)
        return When(us, raw, f"RTF {name}", "assumed:UTC", _MINUTE)
    return None
