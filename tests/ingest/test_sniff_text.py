from __future__ import annotations

import pytest

from casekit.ingest.sniff import identify
from casekit.ingest.sniff_text import (
    Told,
    as_access_log,
    as_csv,
    as_html,
    as_json,
    as_mail,
    as_mbox,
    as_text,
    head_of,
)


def told(test: object, text: bytes, name: str = "") -> str:
    found: Told | None = test(head_of(text, len(text), name))  # type: ignore[operator]
    return "" if found is None else found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"From a@b.example Fri Feb 22 17:06:23 2008\nSubject: x\n\n", "mbox"),
        (b"\n\nFrom a@b.example  Fri Feb 22 17:06:23 2008\nSubject: x\n", "mbox"),
        (b"From - Fri Jun  9 23:17:56 2000\r\nReturn-Path: <a>\r\n", "mbox"),
        (b"From - \nReturn-Path: <>\n", "mbox"),
        (b"From a@b.example Fri Feb 22 17:06:23 2008\n\nbody only\n", "mbox"),
        (b"From the desk of the director, 12 May 2008\nDear all\n", ""),
        (b"From Monday on we are open until 17:00 as in 2008\nSee you\n", ""),
        (b"From: a@b.example\nSubject: x\n", ""),
        (b"\1\1\1\1\nSubject: x\n\nbody\n\1\1\1\1\n", "mbox"),
        (b"\1\1\1\1\nno field\n", ""),
        (b"\1\1\1\1\n", ""),
    ],
)
def test_a_mailbox_begins_with_a_from_line(text: bytes, expected: str) -> None:
    assert told(as_mbox, text) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (b"Return-Path: <a>\nDate: x\nSubject: y\n\nbody", "", "eml"),
        (b"\n\nSubject: y\nFrom: a\n", "", "eml"),
        (b"1234\nSubject: y\nFrom: a\n\nbody\n<plist>", "", "eml"),
        (b"odd line here\nSubject: y\nFrom: a\nTo: b\n", "", "eml"),
        (b">From x\nSubject: y\nFrom: a\n", "", "eml"),
        (b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n', "", "eml"),
        (b"Subject: alone\n\nbody", "", ""),
        (b"Subject: alone\n\nbody", "x.eml", "eml"),
        (b"HTTP/1.1 200 OK\nDate: x\nContent-Type: y\nServer: z\n", "", ""),
        (b"BEGIN:VCALENDAR\nX-A:1\nX-B:2\n", "", ""),
        (b"name: x\nversion: 2\nstatus: open\n", "", ""),
        (b"Date: May\nTo: the moon\n", "", ""),
    ],
)
def test_a_mail_begins_with_header_fields(text: bytes, name: str, expected: str) -> None:
    assert told(as_mail, text, name) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (b'{"a":1}\n{"a":2}\n', "", "jsonl"),
        (b'not json\n{"a":1}\n{"a":2}\n', "", "jsonl"),
        (b'{"a":1}\n', "", "json-records"),
        (b'{"a":1}\n', "x.jsonl", "jsonl"),
        (b'{\n "a": 1\n}', "", "json-records"),
        (b'{"a":1}\r{"a":2}', "", "json-records"),
        (b" [\n[1, 2]", "", "json-records"),
        (b'["a", "b"]', "", "json-records"),
        (b"[2026-01-02, 12:23] Jane: hello, John", "", ""),
        (b"[[ERROR]] no", "", ""),
        (b"{curly} text", "", ""),
        (b"{curly} text", "x.json", "json-records"),
        (b"42", "x.json", "json-records"),
        (b"42", "", ""),
    ],
)
def test_json_is_told_by_its_first_tokens(text: bytes, name: str, expected: str) -> None:
    assert told(as_json, text, name) == expected


def test_a_log_needs_half_of_its_lines() -> None:
    line = b'1.2.3.4 - - [03/Feb/2026:04:05:06 +0100] "GET / HTTP/1.1" 200 1 "-" "x"\n'
    assert told(as_access_log, line + b"odd\n") == "access-log"
    assert told(as_access_log, line + b"odd\nodd\n") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"<!DOCTYPE html><p>x", "html"),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<html>', "html"),
        (b"<p>one</p><p>two</p>", "html"),
        (b" <H1>Hey</H1> <BR><IMG SRC=x>", "html"),
        (b"<message><header>x</header><body>y</body></message>", ""),
        (b'<?xml version="1.0"?><note><title>x</title></note>', ""),
        (b"Dear all, use <b> for bold " + b"and no more of that " * 30, ""),
    ],
)
def test_a_web_page_is_told_with_or_without_its_doctype(text: bytes, expected: str) -> None:
    assert told(as_html, text) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (b"a,b\n1,2\n", "x.csv", "csv"),
        (b"a,b\n1,2\n", "", ""),
        (b"a,b\n1,2\n3,4\n5,6\n", "", "csv"),
        (b"a\tb\n1\t2\n3\t4\n5\t6\n", "x.txt", "csv"),
        (b"prompt,response,model\nHi,Yo,m\n", "", "csv"),
        (b"a,b\n1,2\n3\n5,6\n7,8\n", "", ""),
        (b"prompt,response,model\nHi,Yo,m\nHi,Yo,m\nHi,Yo\nHi,Yo,m\n", "", "csv"),
        (b"prompt,response,model\nHi,Yo,m\nHi\nYo\nthere\n", "", ""),
        (b"Dear all, thank you\nfor this, I come\n", "", ""),
        (b"Dear Anna,\nthanks, and hello,\nyours, as ever,\nBert, your, old\n", "", ""),
        (b"1,2\n3,4\n5,6\n7,8\n", "", ""),
    ],
)
def test_a_table_has_rows_of_one_width(text: bytes, name: str, expected: str) -> None:
    assert told(as_csv, text, name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"hello", "text"),
        (b"a\x00b", "unknown"),
        ("Привет, мир и всем добра".encode("cp1251"), "text"),
        ("日本語のテキスト".encode("shift_jis"), "text"),
    ],
)
def test_text_is_what_has_no_control_characters(text: bytes, expected: str) -> None:
    assert told(as_text, text) == expected


def test_a_head_of_a_longer_file_ends_with_a_whole_line() -> None:
    head = head_of(b"a\nb\nhalf", 100, "X.TXT")
    assert (head.lines, head.whole, head.suffix, head.wide) == ([b"a", b"b"], False, ".txt", False)
    wide = head_of("a\nb".encode("utf-16-be"), 6, "")
    assert (wide.lines, wide.wide) == ([b"a", b"b"], True)


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (b"A letter of several words.\n" * 9, "x.txt", "text"),
        (b"prompt,output\n" + b"a question,an answer\n" * 9, "x.csv", "csv"),
        (b"one short line of text", "x.txt", "text"),
    ],
)
def test_a_nul_among_letters_hides_no_text(data: bytes, name: str, form: str) -> None:
    for place in (3, len(data) // 2, len(data)):
        spoiled = data[:place] + b"\0" + data[place:]
        assert identify(spoiled, len(spoiled), name).id == form
    noise = bytes(range(256)) * 4
    assert identify(noise, len(noise), name).id == "unknown"
    assert identify(b"\0\0ab", 4, "x.txt").id == "unknown"
