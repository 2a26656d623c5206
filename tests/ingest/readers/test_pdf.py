from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Books, Context, Parsed, Problem, When
from casekit.ingest.readers.pdf import read
from tests.ingest.documents import pdf


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.pdf"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def test_each_page_is_a_part_and_the_information_is_kept() -> None:
    info = "/Producer (Press) /Title (A \\(b\\)) /CreationDate (D:20240506070809+02'00')"
    data = pdf("First page", "", "Third", info=info)
    found = one(data)
    facts = json.loads(found.facts)
    assert found.texts == (("page/1", "First page"), ("page/3", "Third"))
    assert (found.kind, found.collection, found.pages, found.problems) == (
        "document",
        "documents",
        3,
        (),
    )
    assert (found.sha256, found.size, found.steps) == (hashlib.sha256(data).digest(), len(data), ())
    assert found.when == When(1714972089000000, "D:20240506070809+02'00'", "PDF CreationDate")
    assert facts == {
        "info": {"CreationDate": "D:20240506070809+02'00'", "Producer": "Press", "Title": "A (b)"},
        "page_sizes": ["612x792"],
        "pages_without_text": [2],
        "version": "1.4",
    }


def test_pages_without_text_need_ocr() -> None:
    assert [problem.kind for problem in one(pdf("", "")).problems] == ["needs-ocr"]


def test_what_is_active_is_told_and_not_run() -> None:
    extra = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /AA << /X << /S /Launch >> >> "
    facts = json.loads(one(pdf("x", extra=extra)).facts)
    assert facts["active"] == ["javascript", "launch", "open_action"]


def test_a_truncated_twin_is_read_as_far_as_it_goes() -> None:
    data = pdf("First", "Second")
    for cut in (len(data) - 40, len(data) // 2, 20):
        found = one(data[:cut])
        assert found.pages is None or found.pages <= 2
        assert found.texts or found.problems


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4",
        b"%PDF-1.7\n" + b"[" * 100_000,
        pdf("x").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
        pdf("x").replace(b"/Count 1", b"/Count 2000000000"),
        pdf("x").replace(b"/Length", b"/Length -1 %"),
    ],
    ids=["header", "nesting", "cycle", "count", "length"],
)
def test_hostile_twins_end_in_a_state(data: bytes) -> None:
    found = one(data)
    assert found.texts or found.problems


@given(st.binary(max_size=200), st.integers(0, 700))
def test_any_damage_ends_in_a_state(noise: bytes, place: int) -> None:
    data = pdf("Some text")
    found = one(data[:place] + noise + data[place + len(noise) :])
    assert all(isinstance(problem, Problem) for problem in found.problems)


@pytest.mark.parametrize(
    ("raw", "us", "zone", "resolution"),
    [
        ("D:20240506070809Z", 1714979289000000, "explicit", 1_000_000),
        ("D:20240506070809-0130", 1714984689000000, "explicit", 1_000_000),
        ("D:20240506", 1714953600000000, "assumed:UTC", 86_400_000_000),
    ],
)
def test_dates_keep_how_exact_they_are(raw: str, us: int, zone: str, resolution: int) -> None:
    when = one(pdf("x", info=f"/CreationDate ({raw})")).when
    assert when == When(us, raw, "PDF CreationDate", zone, resolution)


@pytest.mark.parametrize("raw", ["", "yesterday", "D:20241306", "D:00000000"])
def test_a_date_that_is_none_is_none(raw: str) -> None:
    assert one(pdf("x", info=f"/CreationDate ({raw})")).when is None
