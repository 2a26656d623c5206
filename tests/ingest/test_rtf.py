from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.rtf import read_rtf


def body(inner: bytes) -> str:
    return read_rtf(b"{\\rtf1\\ansi\\ansicpg1252 " + inner + b"}").text("body")


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (b"plain\\par two\\tab three\\line", "plain\ntwo\tthree\n"),
        (b"caf\\'e9 \\{braces\\} \\\\ a\\~b\\_c\\-d", "café {braces} \\ a\xa0b-cd"),
        (b"\\uc1\\u8364 ?\\u-10179?\\u-8704?.", "€😀."),
        (b"\\uc2\\u26085 ab\\uc0\\u26412 .", "日本."),
        (
            b"{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset128 Mincho;}}\\f1\\'93\\'fa\\'96\\'7b\\f0 x",
            "日本x",
        ),
        (b"{\\fonttbl{\\f2\\fcharset204 A;}}{\\f2 \\'cf\\'f0}\\'e9", "Прé"),
        (b"a{\\*\\unknown hidden}b{\\pict\\bin4 }}}}c}d", "abcd"[:2] + "d"),
        (b"\\trowd a\\cell b\\cell\\row", "a\tb\t\n"),
        (b"{\\upr{old}{\\*\\ud new}}", "new"),
        (b"{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt shown}}", "shown"),
        (b"{\\info{\\title T}{\\comment StarWriter}{\\vern8}}x", "x"),
        (b"raw \xe9", "raw é"),
    ],
)
def test_text_is_what_a_reader_sees(rtf: bytes, text: str) -> None:
    assert body(rtf) == text


def test_parts_beside_the_text_are_apart() -> None:
    made = read_rtf(
        b"{\\rtf1 body{\\header head}{\\footerr foot}{\\footnote note}{\\footnote\\ftnalt end}"
        b"{\\*\\atnauthor Eve}{\\*\\annotation why?}{\\deleted gone}{\\revised new}{\\v secret}"
        b"{\\*\\template C:\\\\x.dot}{\\object{\\*\\objclass Package}{\\*\\objdata 0102}}}"
    )
    told = {name: made.text(name) for name in made.heaps if not name.startswith("=")}
    assert told == {
        "body": "bodynewsecret", "headers": "head", "footers": "foot", "footnotes": "note", "endnotes": "end",
        "comments": "why?", "deletions": "gone",
    }  # fmt: skip
    facts = {name: made.text(name) for name in made.heaps if name.startswith("=")}
    assert facts == {"=atnauthor": "Eve\0", "=template": "C:\\x.dot\0", "=objclass": "Package\0"}
    assert (made.objects, made.inserted, made.removed, made.hidden) == (1, 1, 1, 1)
    assert made.whole


def test_times_are_numbers_by_their_unit() -> None:
    made = read_rtf(b"{\\rtf1{\\info{\\creatim\\yr2024\\mo5\\dy6\\hr7\\min8}}}")
    assert made.times == {"creatim": {"yr": 2024, "mo": 5, "dy": 6, "hr": 7, "min": 8}}


def test_a_mail_that_was_turned_into_rtf_gives_its_page_back() -> None:
    made = read_rtf(
        b"{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Hello "
        b"{\\*\\htmltag84 &amp;}\\htmlrtf &\\htmlrtf0  you{\\*\\htmltag72 </p>}\\htmlrtf\\par}\\htmlrtf0}"
    )
    assert made.encapsulated == "html"
    assert made.text("=html").replace("\0", "") == "<p>Hello &amp; you</p>"


def test_a_truncated_twin_gives_what_is_there() -> None:
    made = read_rtf(b"{\\rtf1 One {\\b two")
    assert (made.text("body"), made.whole) == ("One two", False)


def test_what_stands_behind_the_end_is_no_text() -> None:
    data = b"{\\rtf1 text}MZ program"
    made = read_rtf(data)
    assert (made.text("body"), data[made.end :]) == ("text", b"MZ program")


def test_depth_and_numbers_without_sense_end() -> None:
    assert read_rtf(b"{" * 100_000).whole is False
    assert body(b"\\bin99999999 x") == ""
    assert body(b"\\uc9999999999 \\u9999999999 \\f9999999999 x") == "\ue3ff"


@given(
    st.lists(
        st.sampled_from(
            [b"{", b"}", b"\\", b"\\u", b"\\'", b"\\bin3", b"\\uc", b"a", b"\xff", b"-9"]
        )
    )
)
def test_any_damage_ends_in_a_state(pieces: list[bytes]) -> None:
    made = read_rtf(b"{\\rtf1 " + b"".join(pieces))
    for name in made.heaps:
        made.text(name).encode()
