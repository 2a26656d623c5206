from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.behind import letters
from casekit.ingest import ingest
from casekit.ingest.ocr.engine import ReadWord
from casekit.jobs import boxes
from casekit.jobs.page_text import PageText, located, page_text
from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.queries.boxes import BoxWord
from casekit.queries.items import item_ids, view
from casekit.store.case import Case
from tests.ingest.documents import pdf
from tests.ingest.ocr.engines import use_words


def words(*texts: str) -> tuple[BoxWord, ...]:
    return tuple(BoxWord(text, 10 * n, 0, 10 * n + 8, 5) for n, text in enumerate(texts))


def taken(case: Case, tmp_path: Path, *pages: str) -> int:
    (tmp_path / "letter.pdf").write_bytes(pdf(*pages))
    ingest(case, [tmp_path / "letter.pdf"])
    with case.read() as s:
        return int(item_ids(s, order="id")[-1])


def test_the_words_of_a_page_are_cited_to_the_letter(case: Case, tmp_path: Path) -> None:
    item_id = taken(case, tmp_path, "Ann Lee met Bo Low", "")
    with boxes.looking(case) as look:
        found = page_text(look, item_id, 1)
        assert (found.part, found.source, [w.text for w in found.words]) == (
            "page/1", "text", ["Ann", "Lee", "met", "Bo", "Low"],
        )  # fmt: skip
        place = found.place(1, 3)
        assert place is not None
        assert found.text[place[1] : place[2]] == "Lee met Bo"
        assert page_text(look, item_id, 2) == PageText()
    assert found.place(5, 9) is None


def test_what_a_machine_reads_is_cited_where_it_was_kept(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_id = taken(case, tmp_path, "")
    read = [ReadWord("Zanzibar", 10, 10, 90, 30), ReadWord("halifax", 100, 10, 180, 30)]
    use_words(monkeypatch, *read)
    with boxes.looking(case) as look:
        loose = page_text(look, item_id, 1, read=True)
    assert ([w.text for w in loose.words], loose.part, loose.place(0, 1)) == (
        ["Zanzibar", "halifax"], "", None,
    )  # fmt: skip
    with case.write() as s:
        text = "Zanzibar\nhalifax"
        add_machine_texts(
            s, [Recognised(item_id, "page/1", text, "tesseract", "9", "eng", 300, 90, b"x" * 32)]
        )
    with boxes.looking(case) as look:
        kept = page_text(look, item_id, 1, read=True)
    assert (kept.part, kept.place(0, 1)) == ("ocr/page/1", ("ocr/page/1", 0, len(text)))
    with case.read() as s:
        assert view(s, item_id).read[0].part == kept.part


def test_words_that_no_text_says_have_no_place_and_the_others_keep_theirs() -> None:
    found = located(words("one", "tw0", "three", "four"), "one two three  fo\u00adur five")
    assert [(w.start, w.stop) for w in found] == [(0, 3), (-1, -1), (8, 13), (15, 20)]
    page = PageText("page/1", "one two three  fo\u00adur five", found, "text")
    assert page.place(2, 3) == ("page/1", 8, 20)
    assert page.place(0, 2) is None
    assert PageText("page/1", "a x b", located(words("a", "b"), "a x b")).place(0, 1) is None


@given(st.lists(st.text("abc é", min_size=1, max_size=5).filter(letters), min_size=1, max_size=12))
def test_words_of_a_text_are_all_found_in_it(texts: list[str]) -> None:
    text = "\n".join(texts)
    found = located(words(*texts), text)
    page = PageText("page/1", text, found, "text")
    place = page.place(0, len(found) - 1)
    assert place is not None
    assert letters(text[place[1] : place[2]]) == letters(text)
