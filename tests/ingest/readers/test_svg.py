from __future__ import annotations

import json

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers.svg import read

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="10" onload="go()"><title>A map</title>'
    b"<text>Hello <tspan>there</tspan></text><script>go()</script>"
    b'<image href="http://x.example/a.png"/><a href="javascript:go()"><text>link</text></a>'
    b'<rect fill="url(http://y.example/f)"/><foreignObject><p>page</p></foreignObject></svg>'
)


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.svg"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def test_words_and_what_it_would_do_if_it_were_drawn() -> None:
    found = one(SVG)
    assert found.texts == (("body", "A map\nHello there\nlink\npage"), ("source", SVG.decode()))
    assert json.loads(found.facts) == {
        "external": [
            "image: http://x.example/a.png",
            "a: javascript:go()",
            "style: http://y.example/f",
        ],
        "foreign": 1,
        "handlers": ["svg onload"],
        "scripts": 1,
        "width": "10",
    }
    assert (found.kind, found.media_type, found.problems) == ("document", "image/svg+xml", ())


def test_a_truncated_twin_gives_its_words() -> None:
    assert dict(one(SVG[:90]).texts)["body"] == "A map"


def test_entities_neither_read_files_nor_explode() -> None:
    for entity in ('SYSTEM "file:///etc/passwd"', '"&a;&a;"> <!ENTITY a "aaaa"'):
        found = one(f"<!DOCTYPE svg [<!ENTITY e {entity}>]><svg><text>x &e;</text></svg>".encode())
        assert "root" not in str(found.texts)
        assert json.loads(found.facts)["entities"] is True


def test_what_is_no_markup_is_kept() -> None:
    found = one(b"\x00\x01")
    assert [p.kind for p in found.problems] == ["bad-xml"]
