from __future__ import annotations

import re

from casekit.ingest.chat_pages import MOST_DEEP, attribute, cuts, one_line, parsed, words

OPENING = re.compile(rb'<div class="m">')
INNER = re.compile(rb'<div class="replies">')


def pieces(page: bytes, inner: re.Pattern[bytes] | None = None) -> list[tuple[bytes, int, bool]]:
    return [
        (page[each.offset : each.stop], each.line, each.whole)
        for each in cuts(page, OPENING, inner)
    ]


def test_messages_are_cut_where_their_tags_end() -> None:
    page = b'<body><div>\n<div class="m"><div>a</div></div>x\n\n<section><div class="m">b</div></section>'
    assert pieces(page) == [
        (b'<div class="m"><div>a</div></div>', 2, True), (b'<div class="m">b</div>', 4, True),
    ]  # fmt: skip


def test_a_message_that_never_ends_goes_on_to_the_next() -> None:
    page = b'<div class="m"><div>a<div class="m">b</div></div></div><div class="m">c'
    assert pieces(page) == [
        (b'<div class="m"><div>a', 1, False), (b'<div class="m">b</div>', 1, True),
        (b'<div class="m">c', 1, False),
    ]  # fmt: skip


def test_messages_shown_inside_another_are_left_in_it() -> None:
    inside = b'<div class="replies"><div class="m">b</div></div>'
    page = b'<div class="m">a' + inside + b'</div><div class="m">c</div>'
    assert pieces(page, INNER) == [
        (b'<div class="m">a' + inside + b"</div>", 1, True), (b'<div class="m">c</div>', 1, True),
    ]  # fmt: skip
    assert len(pieces(page)) == 3


def test_closing_tags_too_many_are_passed_over() -> None:
    assert pieces(b'</div></div><div class="m">a</div></div>') == [
        (b'<div class="m">a</div>', 1, True)
    ]


def test_words_keep_their_lines_and_spaces() -> None:
    tree = parsed("<div title=' t '>\n a  b<br/>\n<b>c</b>&lt;\n</div>")
    assert tree is not None
    node = tree.css_first("div")
    assert (words(node), one_line(node)) == ("a  b\nc<", "a b c<")
    assert (attribute(node, "title"), attribute(node, "id"), attribute(None, "id")) == ("t", "", "")
    assert words(None) == ""


def test_what_lies_too_deep_is_given_to_no_parser() -> None:
    assert parsed("<b>" * MOST_DEEP + "x") is not None
    assert parsed("<b>" * (MOST_DEEP + 1) + "x") is None
