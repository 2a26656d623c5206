from __future__ import annotations

import json

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers.epub import read
from casekit.ingest.reading import format_of
from tests.ingest.documents import zipped

OPF = (
    '<package version="3.0"><metadata><title>A book</title><creator>Ada</creator><date>2024-05-06</date>'
    '</metadata><manifest><item id="a" href="text/one%20a.xhtml"/><item id="b" href="text/two.xhtml"/>'
    '</manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>'
)


def book(more: dict[str, bytes | str] | None = None) -> bytes:
    members: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<c><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></c>',
        "OEBPS/book.opf": OPF,
        "OEBPS/text/one a.xhtml": "<html><body><h1>One</h1><p>first</p><script>x()</script></body></html>",
        "OEBPS/text/two.xhtml": "<html><body><p>Grüße</p></body></html>",
    }
    return zipped({**members, **(more or {})})


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.epub"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def test_chapters_in_reading_order() -> None:
    assert format_of(book(), "x") == "epub"
    found = one(book({"OEBPS/x.js": "x"}))
    assert found.texts == (("page/1", "Grüße"), ("page/2", "One\nfirst"))
    assert json.loads(found.facts) == {
        "properties": {"creator": "Ada", "date": "2024-05-06", "title": "A book"},
        "scripts": True,
        "version": "3.0",
    }
    assert (found.pages, found.problems) == (2, ())
    assert found.when is not None
    assert found.when.resolution_us == 86_400_000_000


def test_damage_is_told() -> None:
    missing = OPF.replace("two.xhtml", "none.xhtml")
    assert [p.kind for p in one(book({"OEBPS/book.opf": missing})).problems] == ["bad-part"]
    assert [p.kind for p in one(book({"OEBPS/book.opf": "<x"})).problems] == ["bad-office-file"]
    assert [p.kind for p in one(book()[:300]).problems] == ["cut-file", "bad-office-file"]
    assert [p.kind for p in one(book()[:40]).problems] == ["bad-office-file"]
    cut = one(book()[:-30])
    assert ([p.kind for p in cut.problems], cut.texts) == (["cut-file"], one(book()).texts)
    locked = book({"META-INF/encryption.xml": "<x/>", "META-INF/rights.xml": "<x/>"})
    assert [p.kind for p in one(locked).problems] == ["encrypted"]
