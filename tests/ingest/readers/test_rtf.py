from __future__ import annotations

import json

from casekit.ingest.parsed import Books, Context, Parsed, When
from casekit.ingest.readers.rtf import read


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.rtf"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def test_text_and_facts() -> None:
    data = (
        b"{\\rtf1\\ansi{\\*\\generator Riched20;}{\\info{\\author Ada}{\\operator Eve}"
        b"{\\revtim\\yr2024\\mo5\\dy6\\hr7\\min8}}{\\*\\revtbl{Unknown;}{Eve;}}"
        b'{\\field{\\*\\fldinst HYPERLINK "http://x.example/"}{\\fldrslt link}}'
        b"{\\field{\\*\\fldinst DDEAUTO excel}{\\fldrslt  x}}{\\deleted gone}"
        b"{\\*\\template \\\\\\\\evil.example\\\\t.dot}{\\object{\\*\\objclass Package}{\\*\\objdata 00}}"
        b"{\\*\\atnauthor Bob}{\\*\\annotation Why?}}MZ"
    )
    found = one(data)
    assert found.texts == (("body", "link x"), ("comments", "Why?"), ("deletions", "gone"))
    assert json.loads(found.facts) == {
        "application": {"Application": "Riched20;"},
        "bytes_behind": 2,
        "comments": ["Bob"],
        "external": ["hyperlink: http://x.example/", "attachedTemplate: \\\\evil.example\\t.dot"],
        "fields": ["DDEAUTO excel"],
        "object_classes": ["Package"],
        "objects": 1,
        "properties": {"creator": "Ada", "lastModifiedBy": "Eve"},
        "template": "\\\\evil.example\\t.dot",
        "tracked": {"authors": ["Eve"], "deletions": 1},
    }
    assert found.when == When(
        1714979280000000,
        "\\yr2024 \\mo5 \\dy6 \\hr7 \\min8",
        "RTF revtim",
        "assumed:UTC",
        60_000_000,
    )


def test_encapsulated_pages_are_noted() -> None:
    found = one(b"{\\rtf1\\fromhtml1{\\*\\htmltag64 <p>}Hi{\\*\\htmltag72 </p>}}")
    assert found.texts == (("body", "Hi"), ("html", "<p>Hi</p>"))
    assert json.loads(found.facts) == {"encapsulated": "html"}


def test_truncated_and_empty_ones_are_told() -> None:
    assert [p.kind for p in one(b"{\\rtf1 text").problems] == ["truncated"]
    assert [p.kind for p in one(b"{\\rtf1}").problems] == ["no-text"]


def test_what_stands_behind_the_last_group_is_a_child() -> None:
    data = rb"{\rtf1 open}" + b"\r\n\0told to nobody"
    (item,) = (each for each in read(data, Context(name="a")) if isinstance(each, Parsed))
    (child,) = item.children
    assert (dict(child.texts)["body"], child.steps[0].offset) == ("told to nobody", 15)
    assert [each.kind for each in item.problems] == ["bytes-behind"]
