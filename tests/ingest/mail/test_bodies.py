from __future__ import annotations

from casekit.ingest.mail.bodies import Bodies, disposition, file_name, read_bodies
from casekit.ingest.mail.structure import read_structure


def read(raw: bytes, *, from_mbox: bool = False) -> Bodies:
    return read_bodies(raw, read_structure(raw), from_mbox=from_mbox)


def many(subtype: bytes, *parts: bytes) -> bytes:
    """A multipart whose boundary does not occur in its parts."""
    boundary = b"b%d" % sum(map(len, parts))
    body = b"".join(b"--%s\n%s\n" % (boundary, part) for part in parts)
    return b"Content-Type: multipart/%s; boundary=%s\n\n%s--%s--\n" % (
        subtype,
        boundary,
        body,
        boundary,
    )


PLAIN = b"Content-Type: text/plain\n\nplain"
HTML = b"Content-Type: text/html\n\n<p>html</p>"
IMAGE = b"Content-Type: image/png\n\n..."


def test_plain_text_governs() -> None:
    found = read(many(b"alternative", PLAIN, HTML))
    assert (found.body, found.html, found.attached) == ("plain", "<p>html</p>", [])
    found = read(many(b"alternative", HTML, PLAIN))
    assert (found.body, found.html) == ("plain", "<p>html</p>")


def test_html_alone_or_beside_blank_text_gives_the_text() -> None:
    assert read(HTML).body == "html"
    found = read(many(b"alternative", b"\n \n", HTML))
    assert (found.body, found.html, found.attached) == ("html", "<p>html</p>", [])


def test_pictures_of_the_html_are_attached_in_order() -> None:
    found = read(many(b"alternative", PLAIN, many(b"related", HTML, IMAGE)))
    assert (found.body, [part.path for part in found.attached]) == ("plain", ["2.2"])


def test_texts_in_a_row_are_one_body_and_named_ones_are_files() -> None:
    named = b'Content-Type: text/plain; name="a.txt"\n\nfile'
    attached = b"Content-Disposition: attachment\n\nalso a file"
    found = read(many(b"mixed", PLAIN, named, attached, b"\nfooter"))
    assert (found.body, [part.path for part in found.attached]) == ("plain\nfooter", ["2", "3"])
    found = read(many(b"alternative", PLAIN, many(b"mixed", HTML, named)))
    assert (found.body, [part.path for part in found.attached]) == ("plain", ["2.2"])


def test_a_second_plain_alternative_is_not_lost() -> None:
    found = read(many(b"alternative", PLAIN, b"\nother"))
    assert (found.body, [part.path for part in found.attached]) == ("plain", ["2"])


def test_a_single_part_is_body_or_attachment() -> None:
    assert read(b"Content-Type: text/csv; name=a.csv\n\na,b").body == "a,b"
    assert [part.path for part in read(IMAGE).attached] == ["1"]
    assert read(b"Content-Type: multipart/mixed\n\ntext").body == "text"
    inner = b"Content-Type: multipart/mixed; boundary=q\n\nnever opened"
    assert read(many(b"mixed", PLAIN, inner)).body == "plain\nnever opened"


def test_a_mailboxs_mark_is_taken_from_the_text_only() -> None:
    raw = b"Content-Type: text/plain\n\n>From one\n>>From two\nnot >From\n"
    found = read(raw, from_mbox=True)
    assert (found.body, found.unquoted) == ("From one\n>From two\nnot >From\n", 2)
    assert (read(raw).body, read(raw).unquoted) == (">From one\n>>From two\nnot >From\n", 0)


def test_troubles_are_named_once_each() -> None:
    bad = b"Content-Type: text/plain; charset=klingon\n\n\xe9"
    found = read(many(b"mixed", bad, bad))
    assert (found.body, list(found.problems), found.charset) == (
        "é\né",
        ["unknown-charset"],
        "cp1252",
    )


def test_html_may_name_its_own_charset() -> None:
    raw = b'Content-Type: text/html\n\n<meta charset="koi8-r"><p>' + "Привет".encode("koi8-r")
    assert read(raw).body == "Привет"


def test_names_are_those_of_the_disposition_first() -> None:
    part = read_structure(
        b"Content-Type: a/b; name=one\nContent-Disposition: Inline; filename==?utf-8?q?zw=C3=B6lf?=\n\n"
    )
    assert (file_name(part), disposition(part)) == ("zwölf", "inline")
