from __future__ import annotations

import re

from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.pdf_beside import MOST_STATES, earlier_text
from casekit.ingest.reading import read_any
from tests.ingest.documents import pdf


def one(data: bytes) -> Parsed:
    (item,) = (i for i in read_any(data, Context(), "pdf") if isinstance(i, Parsed))
    return item


def saved_over(data: bytes, objects: dict[int, str]) -> bytes:
    """A PDF with objects in place of its own, saved behind them (ISO 32000-2, 7.5.6)."""
    before = int(re.findall(rb"startxref\n(\d+)", data)[-1])
    table = ""
    for number, text in objects.items():
        table += f"{number} 1\n{len(data):010} 00000 n \n"
        data += f"{number} 0 obj\n{text}\nendobj\n".encode()
    trailer = f"trailer << /Size 20 /Root 1 0 R /Prev {before} >>"
    return data + f"xref\n{table}{trailer}\nstartxref\n{len(data)}\n%%EOF\n".encode()


def said(text: str) -> str:
    stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET"
    return f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"


def test_what_a_page_said_before_it_was_saved_over_is_shown() -> None:
    data = saved_over(saved_over(pdf("a price", "same"), {5: said("no price")}), {5: said("now")})
    item = one(data)
    assert dict(item.texts) == {
        "page/1": "now",
        "page/2": "same",
        "previous": "[state 1, page 1]\na price\n\n[state 2, page 1]\nno price",
    }
    assert [each.kind for each in item.problems] == ["saved-over"]


def test_states_beyond_the_limit_are_told() -> None:
    ends = list(range(1, MOST_STATES + 4))
    text, left = earlier_text(b"x" * 20, ends, {"now"}, lambda data, _most: ["now", str(len(data))])
    assert left == 2
    assert text.startswith("[state 3, page 2]\n3\n\n[state 4, page 2]")


def test_what_is_filled_into_a_form_is_shown() -> None:
    data = saved_over(
        pdf("form", extra="/AcroForm << /Fields [10 0 R 12 0 R] >>"),
        {
            4: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Annots [10 0 R 11 0 R 13 0 R] "
            "/Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
            10: "<< /Type /Annot /Subtype /Widget /FT /Tx /T (sum) /V (4711) /Rect [0 0 9 9] >>",
            11: "<< /Type /Annot /Subtype /Widget /Parent 12 0 R /Rect [0 9 9 19] >>",
            12: "<< /FT /Tx /T (name) /V (Eve) /Kids [11 0 R] >>",
            13: "<< /Type /Annot /Subtype /Widget /FT /Tx /T (empty) /Rect [0 0 9 9] >>",
        },
    )
    assert dict(one(data).texts)["fields"] == "[1] sum: 4711\n[1] name: Eve"
