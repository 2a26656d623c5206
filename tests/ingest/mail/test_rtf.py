from __future__ import annotations

import pytest
from compressed_rtf import compress

from casekit.ingest.mail.rtf import RtfBody, read_rtf, unpack_rtf

HTML = rb"""{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fnil\fcharset204 A;}}
{\*\generator Microsoft Exchange Server;}
{\*\htmltag64 <html>}{\*\htmltag4 \par }\htmlrtf {\htmlrtf0 {\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 Stop\'21
{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0 \f1 \'e0\f0 \u8364 ?5 \{x\}{\*\htmltag72 </html>}}}"""


def test_html_inside_rtf_comes_out_as_it_was() -> None:
    body = read_rtf(compress(HTML))
    assert body.html == "<html>\n<b>Stop!</b>а€5 {x}</html>"
    assert (body.text, body.problem) == ("Stop!а€5 {x}", "")


def test_text_inside_rtf_keeps_its_lines() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1251\fromtext \fbidi \deff0{\fonttbl{\f0 A;}}one\par \'e0\tab\lquote b}"
    assert read_rtf(rtf) == RtfBody("one\nа\t‘b")


def test_plain_rtf_gives_its_text() -> None:
    assert read_rtf(compress(rb"{\rtf1\ansi one\par two}")) == RtfBody("one\ntwo")


def test_broken_rtf_gives_what_can_be_read_and_says_so() -> None:
    packed = bytearray(compress(rb"{\rtf1\ansi one\par two}"))
    packed[12] ^= 1  # the checksum
    assert read_rtf(bytes(packed)) == RtfBody("one\ntwo", "", "bad-rtf")
    assert read_rtf(bytes(packed[:30])).problem == "bad-rtf"
    assert unpack_rtf(b"") == (b"", "")
    assert unpack_rtf(b"short") == (b"", "bad-rtf")
    assert read_rtf(b"x" * 40).problem == "bad-rtf"


@pytest.mark.parametrize("piece", [b"{", b"}", b"\\u", b"{\\*\\htmltag ", b"\\'e0", b"\\f1 "])
def test_hostile_rtf_ends(piece: bytes) -> None:
    read_rtf(rb"{\rtf1\fromhtml1 " + piece * 50_000)
    read_rtf(rb"{\rtf1 " + piece * 20_000)
