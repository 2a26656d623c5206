from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.glyphs import Glyphs
from casekit.dossier.lines import break_lines, spans_on, tokens
from casekit.dossier.pieces import Placed


def shown(text: str, faces: Mapping[str, Glyphs], width: float, face: str = "serif") -> list[str]:
    lines = break_lines(text, faces[face], 10, width)
    assert all(line.width <= width + 1e-6 for line in lines)
    return ["".join(run for _, run in line.runs) for line in lines]


def test_a_text_breaks_between_words_and_keeps_its_own_lines(faces: Mapping[str, Glyphs]) -> None:
    text = "To read the clause, let us first separate.\r\n\n  indented"
    assert shown(text, faces, 110) == [
        "To read the clause, let",
        "us first separate.",
        "",
        "  indented",
    ]


def test_a_word_wider_than_the_line_is_cut(faces: Mapping[str, Glyphs]) -> None:
    lines = shown("x" * 20_000, faces, 200, "mono")
    assert "".join(lines) == "x" * 20_000
    assert len(lines) > 500


def test_words_break_after_hyphens_and_slashes_but_not_in_numbers_with_a_sign(
    faces: Mapping[str, Glyphs],
) -> None:
    assert tokens("self-made and/or -5 a--b") == ["self-", "made ", "and/", "or ", "-5 ", "a--b"]


def test_an_exhibits_label_is_not_parted() -> None:
    assert tokens("Ex. A-17, PX-3") == ["Ex. ", "A-17, ", "PX-3"]
    assert tokens("A-B-2 2026-01-13 ISO-8859") == [
        "A-",
        "B-",
        "2 ",
        "2026-",
        "01-",
        "13 ",
        "ISO-8859",
    ]


def test_chinese_breaks_between_characters_and_never_begins_with_a_stop(
    faces: Mapping[str, Glyphs],
) -> None:
    lines = shown("证据必须完整，模型的回答可以用中文书写。" * 8, faces, 105)
    assert len(lines) > 10
    assert all(line[0] not in "，。" for line in lines)


def test_a_mark_stays_on_its_letter_and_a_thai_vowel_with_what_it_leads() -> None:
    assert tokens("カ\u3099カ e\u0301") == ["カ\u3099", "カ ", "e\u0301"]
    assert tokens("ทะเลไทย ไป") == ["ทะ", "เล", "ไทย ", "ไป"]


def test_a_line_from_right_to_left_is_broken_in_the_order_of_reading(
    faces: Mapping[str, Glyphs],
) -> None:
    text = "אחת שתיים שלוש ארבע חמש שש שבע (12) abc"
    lines = break_lines(text, faces["serif"], 10, 80)
    assert [text[line.start : line.stop] for line in lines] == [
        "אחת שתיים שלוש ",
        "ארבע חמש שש ",
        "שבע (12) abc",
    ]
    assert all(line.rtl and line.width <= 80 for line in lines)
    assert [line.indent(80) for line in lines] == [80 - line.width for line in lines]
    first = [run for run in lines[0].runs if isinstance(run, Placed)]
    assert [run.text for run in first] == ["תחא", " ", "םייתש", " ", "שולש"]
    assert first[0].x > first[-1].x == 0.0


def test_spans_of_a_line_from_right_to_left_lie_on_their_letters(
    faces: Mapping[str, Glyphs],
) -> None:
    text = "אחת שתיים abc"
    (line,) = break_lines(text, faces["serif"], 10, 300)
    (word,) = spans_on(line, text, [(0, 3)], faces["serif"], 10)
    latin = spans_on(line, text, [(10, 13)], faces["serif"], 10)
    assert word[1] == pytest.approx(line.width)
    assert word[0] == pytest.approx(line.width - faces["serif"].width("אחת", 10))
    assert latin[0][0] == 0.0
    half = spans_on(line, text, [(0, 1)], faces["serif"], 10)
    assert half[0][1] == pytest.approx(line.width)


def test_a_long_word_of_joined_letters_is_cut_where_it_fits(faces: Mapping[str, Glyphs]) -> None:
    for word in ("سلامعليكم" * 90, "क्ष" * 300, "שָׁלוֹם" * 90, "ไ" * 900, "b\u0301" * 400):
        lines = break_lines(word, faces["serif"], 10, 200)
        assert "".join(word[line.start : line.stop] for line in lines) == word
        assert all(line.width <= 200 for line in lines)
        assert sum(line.width < 170 for line in lines) <= 1


def test_marks_that_are_spelt_are_cut_like_anything_else(faces: Mapping[str, Glyphs]) -> None:
    for text in ("H" + "\u0321\u0353" * 5, "\u094d\u0301", "b/א/\u0301\u0e33"):
        assert all(line.width <= 70 for line in break_lines(text, faces["serif"], 10, 70))


def test_a_record_runs_from_left_to_right(faces: Mapping[str, Glyphs]) -> None:
    (line,) = break_lines('{"א":"ב"}', faces["mono"], 10, 300, anywhere=True)
    assert not line.rtl
    placed = sorted((r for r in line.runs if isinstance(r, Placed)), key=lambda run: run.x)
    assert "".join(run.text for run in placed) == '{"א":"ב"}'


def test_an_emoji_of_several_parts_stays_whole() -> None:
    assert tokens("👍🏽👩\u200d💻 ❤\ufe0f") == ["👍🏽", "👩\u200d💻 ", "❤\ufe0f"]


def test_spans_are_found_on_the_lines_they_run_over(faces: Mapping[str, Glyphs]) -> None:
    text = "alpha beta gamma delta epsilon zeta"
    lines = break_lines(text, faces["serif"], 10, 80)
    found = [spans_on(line, text, [(6, 22)], faces["serif"], 10) for line in lines]
    assert [len(spans) for spans in found] == [1, 1, 0]
    assert found[1][0][0] == 0.0


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(
    st.text(alphabet="abc -/\t中，🙂\u200b\nאבשׁ 12سلامबक्ไเน้ำe\u0301\u202e", max_size=120),
    st.integers(70, 300),
)
def test_lines_cover_the_text_in_order_and_fit(
    faces: Mapping[str, Glyphs], text: str, width: int
) -> None:
    lines = break_lines(text, faces["serif"], 10, width)
    at = 0
    for line in lines:
        assert text[at : line.start].strip("\r\n") == ""
        assert line.width <= width + 1e-6
        at = line.stop
    assert text[at:].strip("\r\n") == ""


def test_a_line_of_the_text_s_own_stays_whole_if_the_page_holds_it(
    faces: Mapping[str, Glyphs],
) -> None:
    text = "they do. They are the six project groups of my seminar on it\nthrough"
    narrow = break_lines(text, faces["serif"], 10, 200)
    kept = break_lines(text, faces["serif"], 10, 200, own=300)
    assert len(narrow) == 3
    assert [len(line.runs[0][1]) for line in kept] == [60, 7]
    assert len(break_lines("word " * 100, faces["serif"], 10, 200, own=300)) > 8


def test_a_record_is_broken_anywhere(faces: Mapping[str, Glyphs]) -> None:
    text = '{"ts":"2025-12-15T00:01:01.218Z","prompt":"Write a question"}'
    lines = break_lines(text, faces["mono"], 10, 120, anywhere=True)
    assert [line.stop - line.start for line in lines] == [20, 20, 20, 1]


@pytest.mark.parametrize("face", ["sans", "mono"])
@pytest.mark.parametrize(
    "text",
    [
        "one two three",
        "one\ntwo",
        "abcdefghij" * 3,
        "证据必须完整",
        "well-known and/or not",
        "tie\u0302\u0301ng Vie\u0323\u0302t",
    ],
)
def test_a_line_says_whether_it_ends_inside_a_word(
    faces: Mapping[str, Glyphs], text: str, face: str
) -> None:
    lines = break_lines(text, faces[face], 10, 34)
    assert len(lines) > 1
    said = "".join(
        text[line.start : line.stop].rstrip() + ("" if line.cut else " ") for line in lines
    )
    assert said == text.replace("\n", " ") + " "
