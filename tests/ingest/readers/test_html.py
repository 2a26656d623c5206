from __future__ import annotations

import json
import time

import pytest

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers.html import decode_html, html_text, read


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.html"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def test_text_source_and_what_it_would_fetch() -> None:
    source = (
        "<html><head><title>The  title</title><style>@import 'https://c.example/x.css';</style></head><body>"
        "<h1>Head</h1><p>One <b>b</b>old<br>line</p><script>bad()</script>"
        "<table><tr><td>a</td><td>b</td></tr></table>"
        '<img src="https://t.example/p.gif?id=1"><img src="cid:1"><a href="https://link.example/">go</a>'
        '<div style="background:url(//cdn.example/b.png)"></div></body></html>'
    )
    found = one(source.encode())
    assert found.texts == (("body", "Head\nOne bold\nline\na\nb\ngo"), ("html", source))
    assert json.loads(found.facts) == {
        "charset": "utf-8",
        "charset_by": "valid",
        "links": 1,
        "remote": [
            "https://t.example/p.gif?id=1",
            "//cdn.example/b.png",
            "https://c.example/x.css",
        ],
        "scripts": 1,
        "title": "The title",
    }
    assert (found.kind, found.media_type, found.problems) == ("document", "text/html", ())


@pytest.mark.parametrize(
    ("data", "declared", "text", "charset"),
    [
        ("<meta charset=koi8-r>Да".encode("koi8-r"), "", "Да", "koi8-r"),
        ("\ufeff<meta charset=koi8-r>Да".encode(), "", "Да", "utf-8"),
        (b"<meta charset=iso-8859-1>\x93q\x94", "", "“q”", "cp1252"),
        (b"<meta charset=nonsense>caf\xc3\xa9", "", "café", "utf-8"),
        (b"<meta charset=utf-8>caf\xe9", "cp1252", "café", "cp1252"),
        (b"<meta charset=utf-16>plain", "", "plain", "utf-8"),
    ],
)
def test_charsets(data: bytes, declared: str, text: str, charset: str) -> None:
    decoded = decode_html(data, declared)
    assert (html_text(decoded.text)[0], decoded.charset) == (text, charset)


def test_lines_of_a_pre_stay_lines() -> None:
    assert html_text("<pre>a\n  b</pre><p>c")[0] == "a\n  b\nc"


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body><p>One <b>tw",
        b"<div>" * 5_000 + b"deep",
        b"<table><tr>" * 3_000,
        b"<!--",
        b"<a href=" + b"x" * 100_000,
    ],
    ids=["truncated", "nested", "tables", "comment", "attribute"],
)
def test_truncated_and_hostile_twins_are_read(data: bytes) -> None:
    assert one(data).problems == ()


def test_a_page_of_tags_in_tags_is_read_without_them_and_in_no_time() -> None:
    data = b"<div>" * 50_000 + b"one<p>two<img src=http://t.example/x>"
    begin = time.process_time()
    found = one(data)
    assert time.process_time() - begin < 3
    assert dict(found.texts)["body"] == "one\ntwo"
    assert [problem.kind for problem in found.problems] == ["nesting"]
    assert json.loads(found.facts)["remote"] == ["t.example"]
