from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail.addresses import read_addresses


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", ()),
        ("ada@x.example", (("", "ada@x.example"),)),
        ("<Ada@X.example>", (("", "Ada@X.example"),)),
        ("ada at x.example (Ada Quill)", (("Ada Quill", "ada@x.example"),)),
        ("Ada at home", (("Ada at home", ""),)),
        ("Ada Quill [mailto:ada@x.example]", (("Ada Quill", "ada@x.example"),)),
        ("Ada Quill <ada@x.example>", (("Ada Quill", "ada@x.example"),)),
        ('"Quill, Ada" <ada@x.example>', (("Quill, Ada", "ada@x.example"),)),
        (r'"say \"hi\"" <a@b>', (('say "hi"', "a@b"),)),
        ("'Ada' <ada@x.example>", (("Ada", "ada@x.example"),)),
        ("a@b, c@d;e@f", (("", "a@b"), ("", "c@d"), ("", "e@f"))),
        ("ada@x.example (Ada (the first) Quill)", (("Ada (the first) Quill", "ada@x.example"),)),
        ("Board: a@b, C <c@d>;, e@f", (("", "a@b"), ("C", "c@d"), ("", "e@f"))),
        ("undisclosed-recipients:;", (("undisclosed-recipients", ""),)),
        ("(c):", (("c", ""),)),
        ("<@relay.example,@other.example:a@b>", (("", "a@b"),)),
        ("=?utf-8?q?Quill=2C_Ada?= <a@b>", (("Quill, Ada", "a@b"),)),
        ('"=?utf-8?q?Ren=C3=A9e?=" <a@b>', (("Renée", "a@b"),)),
        ("nsb", (("", "nsb"),)),
        ("Ada Quill", (("Ada Quill", ""),)),
        ("ada@x.example ada@x.example", (("", "ada@x.example"), ("", "ada@x.example"))),
        ("ada @ x.example", (("", "ada@x.example"),)),
        ("Ada Quill ada@x.example", (("Ada Quill", "ada@x.example"),)),
        ('"a b"@x.example', (("", '"ab"@x.example'),)),
        ("IMCEAEX-_O=X_CN=Y@x.example", (("", "IMCEAEX-_O=X_CN=Y@x.example"),)),
        ('"never closed <a@b>', (("never closed <a@b>", ""),)),
        ("Ada <a@b", (("Ada", "a@b"),)),
    ],
)
def test_every_shape_of_address_is_read(value: str, found: tuple[tuple[str, str], ...]) -> None:
    assert read_addresses(value) == found


@given(st.text(alphabet='ab@,;:<>()"\\ =?.\udce9', max_size=60))
def test_nothing_raises_and_nothing_is_made_up(value: str) -> None:
    for name, address in read_addresses(value):
        assert name or address
        (name + address).encode("utf-8")
