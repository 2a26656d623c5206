from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from casekit.dossier.assemble import Entry
from casekit.dossier.parting import (
    Span,
    Stretch,
    Weighed,
    cut,
    part_path,
    parts_at,
    pieces,
    set_sha256,
    stretches,
    weigh,
    whole_path,
)


def weighed(sizes: list[int], shared: int = 0) -> Weighed:
    """Pages with a stream of their own, and one that all need."""
    held = {(n, 0): size for n, size in enumerate(sizes, 1)} | {(0, 0): shared}
    return Weighed([frozenset({(n, 0), (0, 0)}) for n in range(1, len(sizes) + 1)], held)


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(1, 120), st.integers(0, 20),
    st.sets(st.integers(1, 60)),
)  # fmt: skip
def test_parts_hold_every_page_once_and_no_more_than_there_is_room_for(
    sizes: list[int], room: int, shared: int, starts: set[int]
) -> None:
    spans = cut([weighed(sizes, shared)], starts, room)
    pages = [n for span in spans for n in range(span.first, span.last + 1)]
    assert pages == list(range(1, len(sizes) + 1))
    assert [(s.no, s.of) for s in spans] == [(n, len(spans)) for n in range(1, len(spans) + 1)]
    for span in spans:
        own = sum(sizes[span.first - 1 : span.last]) + shared
        assert own <= room or span.first == span.last


def test_a_cut_falls_before_an_exhibit_if_one_begins_in_the_part() -> None:
    ten = weighed([10] * 10)
    assert [(s.first, s.last) for s in cut([ten], {1, 4, 9}, 50)] == [(1, 3), (4, 8), (9, 10)]
    assert [(s.first, s.last) for s in cut([ten], {1}, 40)] == [(1, 4), (5, 8), (9, 10)]
    half = weighed([5] * 10)
    assert [(s.first, s.last) for s in cut([half, ten], {1}, 40)] == [(1, 4), (5, 8), (9, 10)]
    assert [(s.first, s.last) for s in cut([ten], {6}, 50)] == [(1, 5), (6, 10)]


def test_pages_are_weighed_by_what_they_need(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pageCompression=0)
    for length in (10, 5000):
        canvas.drawString(72, 700, "x" * length)
        canvas.showPage()
    canvas.save()
    found = weigh(tmp_path / "a.pdf")
    own = [sum(found.sizes[each] for each in page) for page in found.pages]
    assert own[1] - own[0] == pytest.approx(4990, abs=10)
    assert sum(found.sizes.values()) + 2 * found.rest >= (tmp_path / "a.pdf").stat().st_size


def test_stretches_end_where_the_next_begins() -> None:
    outline = [
        Entry("Cover", "COVER"),
        Entry("Exhibits", "EX-A", (
            Entry("A  One", "EX-A", label="A"), Entry("B  Two", "EX-B", label="B"),
        )),
        Entry("Custody", "CUSTODY"),
    ]  # fmt: skip
    found = stretches(outline, {"COVER": 1, "EX-A": 3, "EX-B": 4, "CUSTODY": 9}, 12)
    assert found == [
        Stretch("Cover", "Cover", "COVER", 1, 2, False), Stretch("A", "A  One", "EX-A", 3, 3, True),
        Stretch("B", "B  Two", "EX-B", 4, 8, True), Stretch("Custody", "Custody", "CUSTODY", 9, 12, False),
    ]  # fmt: skip
    spans = [Span(1, 2, 1, 5), Span(2, 2, 6, 12)]
    assert pieces(found[2], spans) == spans
    assert pieces(found[1], spans) == spans[:1]


def test_names_of_parts(tmp_path: Path) -> None:
    out = tmp_path / "Aurora.pdf"
    part = part_path(out, 2, 12)
    assert part.name == "Aurora-part-2-of-12.pdf"
    assert whole_path(part) == whole_path(out) == out
    (tmp_path / "Aurora-part-2-of-12.manifest.json").touch()
    assert whole_path(part) == part
    for name in (part.name, part.name + ".p7s", "Aurora-part-x.pdf", "Aurora2-part-1-of-2.pdf"):
        (tmp_path / name).touch()
    assert [p.name for p in parts_at(out)] == [part.name, part.name + ".p7s"]
    assert parts_at(tmp_path / "absent" / "a.pdf") == []


def test_the_hash_of_a_set_is_that_of_its_lines() -> None:
    import hashlib

    lines = b"aa  one.pdf\nbb  two.pdf\n"
    assert set_sha256([("one.pdf", "aa"), ("two.pdf", "bb")]) == hashlib.sha256(lines).hexdigest()
