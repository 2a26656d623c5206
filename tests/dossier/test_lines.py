from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.glyphs import Glyphs
from casekit.dossier.lines import break_lines, spans_on, tokens


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


def test_chinese_breaks_between_characters_and_never_begins_with_a_stop(
    faces: Mapping[str, Glyphs],
) -> None:
    lines = shown("证据必须完整，模型的回答可以用中文书写。" * 8, faces, 105)
    assert len(lines) > 10
    assert all(line[0] not in "，。" for line in lines)


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


@given(st.text(alphabet="abc -/\t中，🙂\u200b\n", max_size=120), st.integers(70, 300))
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
