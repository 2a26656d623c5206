from __future__ import annotations

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail.words import from_base64, is_plain, parameters, plain, readable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Plain text", "Plain text"),
        ("=?utf-8?q?Caf=C3=A9_au_lait?=", "Café au lait"),
        ("=?UTF-8?B?4pyTIG9r?= and more", "✓ ok and more"),
        ("=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c"),
        ("=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"),
        # one character cut in two by adjacent words
        ("=?utf-8?q?Ren=C3?= =?utf-8?q?=A9e?=", "Renée"),
        ("=?iso-8859-1?q?=E9?= =?utf-8?q?=C3=A9?=", "éé"),
        ("=?us-ascii*en?q?hello?=", "hello"),
        # illegal, and in every mailbox
        ("=?utf-8?q?with spaces?=", "with spaces"),
        ("=?utf-8?b?4pyTIG9?=", "✓ o"),
        ("=?gb2312?b?1tDOxA==?=", "中文"),
        ("=?klingon?q?Qapla=27?=", "Qapla'"),
        ("=?zlib?b?eJw=?=", "xœ"),
        ("=?utf-7?q?+2AA-?=", "\ufffd"),
        ("=?utf-8?x?no?=", "=?utf-8?x?no?="),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
    ],
)
def test_encoded_words_are_read_as_meant(value: str, text: str) -> None:
    assert readable(value) == text


def test_raw_bytes_are_utf8_then_the_bodys_charset_then_cp1252() -> None:
    def raw(data: bytes) -> str:
        return data.decode("ascii", "surrogateescape")

    assert plain(raw("Grüße ✓".encode())) == "Grüße ✓"
    assert plain(raw("Привет".encode("koi8-r")), "koi8-r") == "Привет"
    assert plain(raw(b"caf\xe9 \x80\x81")) == "café €\x81"
    assert readable(raw(b"\xe9 =?utf-8?q?=C3=A9?= \xe9")) == "é é é"
    assert plain("a\0b") == "a␀b"
    assert [is_plain(value) for value in ("Plain", "=?x", "é", "\0")] == [True, False, False, False]


@given(st.binary(max_size=200))
def test_no_header_raises_or_leaves_half_a_surrogate(data: bytes) -> None:
    readable(data.decode("ascii", "surrogateescape")).encode("utf-8")
    readable("=?utf-7?q?" + data.decode("latin-1") + "?=").encode("utf-8")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("text/plain", {}),
        ('text/plain; charset="utf-8"; format=flowed', {"charset": "utf-8", "format": "flowed"}),
        ("a/b; NAME=two words.txt ; x=1", {"name": "two words.txt", "x": "1"}),
        (r'a/b; name="C:\dir\f.txt"', {"name": r"C:\dir\f.txt"}),
        (r'a/b; name="say \"hi\".txt"', {"name": 'say "hi".txt'}),
        ("a/b; name*=utf-8'de'%C3%BCber.txt", {"name": "über.txt"}),
        ("a/b; name*0*=utf-8''%C3%BC; name*1=ber; name*2*=%20x", {"name": "über x"}),
        ('a/b; name*1="b"; name*0="a"', {"name": "ab"}),
        ('a/b; name="=?utf-8?q?=C3=BCber?="', {"name": "über"}),
        ("a/b; name*", {}),
        ("a/b;; ; name=x", {"name": "x"}),
        ('a/b; boundary="never closed', {"boundary": "never closed"}),
        ("a/b; name*=klingon''%FF", {"name": "ÿ"}),
    ],
)
def test_parameters(value: str, found: dict[str, str]) -> None:
    assert parameters(value) == found


def test_broken_base64_loses_only_its_last_group() -> None:
    assert from_base64(b"QUJDREVG") == (b"ABCDEF", True)
    assert from_base64(b"QU JD\r\nRE*VG") == (b"ABCDEF", True)
    assert from_base64(b"QUJDRA") == (b"ABCD", False)
    assert from_base64(b"QUJDR") == (b"ABC", False)
    assert from_base64(b"QUI=QUI=") == (b"AB", True)
    assert from_base64(b"QQ==\r\nUUFB") == (b"A", True)
    assert from_base64(b"Q=Q=U=") == (b"A\x05", True)
    assert from_base64(b"QUJD=QUJD") == (b"ABCABC", True)
    assert from_base64(b"QUJD=QU") == (b"ABC", False)


def test_nothing_behind_the_padding_is_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pythons differ in what they do with it; padding alone, and blanks, they all take for the end."""
    kept = binascii.a2b_base64

    def strict(raw: bytes) -> bytes:
        assert not raw.partition(b"=")[2].strip(b"= \t\r\n")
        return kept(raw)

    monkeypatch.setattr(binascii, "a2b_base64", strict)
    assert from_base64(b"QQ==\r\nUUFB") == (b"A", True)
    assert from_base64(b"QUJD=QUJD") == (b"ABCABC", True)
    assert from_base64(b"QQ==\r\n") == (b"A", True)
